"""The line between the product and the sandbox, which can be cut: connections end, and new ones are refused."""

import asyncio
import threading
from contextlib import suppress


class Wire:
    """A TCP relay on a thread of its own, from `port` (a free one) to the sandbox."""

    def __init__(self, target_port: int, host: str = "127.0.0.1") -> None:
        self._target, self._host = target_port, host
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire", daemon=True)
        self._thread.start()
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Let calls through (again)."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def cut(self) -> None:
        """Nobody gets through, and what is under way breaks off."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(10)

    def close(self) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._relay, self._host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._ends |= ends
        await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))
        self._ends -= ends


async def _pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            into.write(data)
            await into.drain()
    with suppress(OSError):
        into.close()
