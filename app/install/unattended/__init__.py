"""Installing without questions, by the scripts of libosinfo's database (kickstart, preseed, AutoYaST, unattend.xml)."""
