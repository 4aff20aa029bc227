"""The counter in WeCom (企业微信): the aibot long connection, and the group webhook as its substitute."""
