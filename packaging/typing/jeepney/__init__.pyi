from enum import Enum
from typing import Any

class MessageType(Enum):
    method_call = 1
    method_return = 2
    error = 3
    signal = 4

class HeaderFields:
    member: Any
    path: Any
    sender: Any

class Header:
    message_type: MessageType
    fields: dict[Any, Any]

class Message:
    header: Header
    body: tuple[Any, ...]

class DBusAddress:
    object_path: str
    bus_name: str | None
    interface: str | None
    def __init__(self, object_path: str, bus_name: str | None = None, interface: str | None = None) -> None: ...

class MatchRule:
    def __init__(self, *, type: str | None = None, interface: str | None = None, member: str | None = None, path: str | None = None) -> None: ...

class _MessageBus:
    def AddMatch(self, rule: MatchRule) -> Message: ...

message_bus: _MessageBus

def new_method_call(remote_obj: DBusAddress, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Message: ...
