"""js-cdn.music.apple.com: the stand-in for MusicKit JS v3, as a file."""

from importlib import resources

from upbeat_sandbox.call import Call, Reply

PATH = "/musickit/v3/musickit.js"
SCRIPT = resources.files("upbeat_sandbox").joinpath("apple_music", "musickit.js").read_bytes()


def file(call: Call) -> Reply:
    if call.path != PATH or call.method != "GET":
        return Reply(404, b"Not found", "text/plain; charset=utf-8")
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=60"}
    return Reply(200, SCRIPT, "text/javascript; charset=utf-8", headers)
