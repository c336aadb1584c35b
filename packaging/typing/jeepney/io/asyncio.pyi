import asyncio
from contextlib import AbstractAsyncContextManager, AbstractContextManager

from jeepney import MatchRule, Message

class DBusRouter:
    async def send_and_get_reply(self, message: Message) -> Message: ...
    def filter(self, rule: MatchRule, *, queue: asyncio.Queue[Message] | None = None, bufsize: int = 1) -> AbstractContextManager[asyncio.Queue[Message]]: ...

def open_dbus_router(bus: str = "SESSION") -> AbstractAsyncContextManager[DBusRouter]: ...
