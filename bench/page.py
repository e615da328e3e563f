"""The fan page's rate against two peers in the same run: nginx with the same bytes, and a bare ASGI callable.

    make bench

Each server is pinned to one core and asked by wrk from the other. Needs nginx and wrk (`apt-get install nginx wrk`).
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

SECONDS, CONNECTIONS, ROUNDS = 3, 64, 5
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; open_file_cache max=10; keepalive_requests 100000000;
  default_type text/html;
  server {{ listen 127.0.0.1:{port}; root {folder}; location / {{ try_files /page.html =404; }} }} }}
"""
BARE = """
from pathlib import Path
BODY = Path({page!r}).read_bytes()
START = {{"type": "http.response.start", "status": 200, "headers": [
    (b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(BODY)).encode())]}}
async def application(scope, receive, send):
    if scope["type"] == "http":
        await send(START)
        await send({{"type": "http.response.body", "body": BODY}})
"""


@contextmanager
def server(command: list[str], url: str, env: dict[str, str]) -> Iterator[None]:
    """A server on the first core, up and answering."""
    process = subprocess.Popen(
        ["taskset", "-c", "0", *command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def rates(urls: list[str]) -> list[float]:
    """Requests a second of each, the median of the rounds. They take turns, so that a busy moment meets them all."""
    rounds = [[_once(url) for url in urls] for _ in range(ROUNDS)]
    return [statistics.median(of_one) for of_one in zip(*rounds, strict=True)]


def _once(url: str) -> float:
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if errors:
        raise SystemExit(f"{url} answered {errors[1]} errors")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]


def page_of_the_product(stage_url: str) -> bytes:
    with urllib.request.urlopen(stage_url) as answer:
        return answer.read()


def main() -> int:
    missing = [tool for tool in ("nginx", "wrk", "taskset") if not shutil.which(tool)]
    if missing:
        print(f"Please install {', '.join(missing)} first (apt-get install nginx wrk util-linux).")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upbeat.settings")
    from upbeat.commands.demonstration import props
    from upbeat.commands.demonstration.stage import Stage, free_port

    folder = Path(tempfile.mkdtemp(prefix="upbeat-bench-"))
    folder.chmod(0o755)
    with Stage(port=8300) as stage:
        props.django_ready()
        props.make_owner()
        page_url = props.set_up_campaign(stage, lead=timedelta(days=30)).url
        port = stage.url.rpartition(":")[2]
        with ExitStack() as up:
            up.enter_context(
                server([sys.executable, "-m", "upbeat", "run", "--port", port], page_url, dict(os.environ))
            )
            body = page_of_the_product(page_url)
            (folder / "page.html").write_bytes(body)
            bare_url = up.enter_context(_bare(folder, free_port(8500)))
            nginx_url = up.enter_context(_nginx(folder, free_port(8600)))
            ours, bare, nginx = rates([page_url, bare_url, nginx_url])
    shutil.rmtree(folder, ignore_errors=True)
    print(f"A fan page of {len(body):,} bytes, {CONNECTIONS} connections, one core for the server:")
    print(f"  nginx, static       {nginx:>9,.0f}/s   1.00")
    print(f"  bare ASGI, granian  {bare:>9,.0f}/s   {bare / nginx:.2f}")
    print(
        f"  Upbeat              {ours:>9,.0f}/s   {ours / nginx:.2f} of nginx, {ours / bare:.2f} of bare ASGI"
    )
    return 0


@contextmanager
def _bare(folder: Path, port: int) -> Iterator[str]:
    (folder / "bare.py").write_text(BARE.format(page=str(folder / "page.html")))
    granian = str(Path(sys.executable).parent / "granian")
    command = [granian, "--interface", "asgi", "--port", str(port), "--loop", "uvloop", "bare:application"]
    with server(command, f"http://127.0.0.1:{port}/", {**os.environ, "PYTHONPATH": str(folder)}):
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def _nginx(folder: Path, port: int) -> Iterator[str]:
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with server(command, f"http://127.0.0.1:{port}/", dict(os.environ)):
        yield f"http://127.0.0.1:{port}/"


if __name__ == "__main__":
    sys.exit(main())
