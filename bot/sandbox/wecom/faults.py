"""What goes wrong on the way to and from the pretend WeCom, by dial."""

DIALS = {
    "silent_death": "the socket stays open, and nothing is said on it any more",
    "missed_pong": "a ping is not answered",
    "lost_ack": "the command takes effect, its ack never comes",
    "lost_command": "the command takes no effect and no ack comes",
    "slow_ack": "the ack comes `by_s` real seconds late",
    "close": "the gateway closes the socket (1000) in place of an answer",
    "abort": "the socket breaks in place of an answer",
    "flat_event": "a click's facts stand flat in `event`",
    "camel_event": "a click's facts have CamelCase names",
    "click_as_message": "a click comes as aibot_msg_callback",
    "repeat": "a callback comes twice with the same msgid",
    "garbage": "a broken frame, an unknown command and an unknown event come before a callback",
    "version_conflict": "a command is refused with 6000",
    "too_fast": "a command is refused with 45009",
    "concurrent": "a command is refused with 45033",
    "token_expired": "the app's token is no longer good (42001)",
    "system_busy": "a call of the app is refused with -1",
    "html": "a call of the app is answered by a page",
    "refuse_subscribe": "good credentials are refused with 853000",
}
