"""Fetching: goes on where it stopped, and keeps only what is whole and right."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from crisisgov.errors import InputError
from crisisgov.loaders.datasets import coronanet, fetching
from crisisgov.loaders.datasets.fetching import BadDownload, FetchError, Official
from crisisgov.server.cli import main
from tests.loaders.datasets.small_sets import coronanet_row, write_csv

OFFICIAL = Official("coronanet", "http://127.0.0.1/", "release.csv.gz", coronanet.REQUIRED, 50)


@dataclass
class Site:
    """A site with one file; ``breaks`` are the bytes after which it hangs up, one by one."""

    url: str
    body: bytes
    tag: str = '"one"'
    breaks: list[int] = field(default_factory=list)
    ranges: bool = True
    asked: list[str] = field(default_factory=list)


def packed(tmp: Path, rows: int = 60) -> bytes:
    many = [
        coronanet_row(f"R_{n:015d}NA", description=f"Measure {n * 7919 % 1000}.")
        for n in range(rows)
    ]
    return write_csv(tmp / "source.csv.gz", many).read_bytes()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            here.asked.append(asked)
            if self.path == "/gone":
                self.send_error(404)
                return
            begin = 0
            found = re.fullmatch(r"bytes=(\d+)-", asked)
            if found and here.ranges and self.headers.get("If-Range") == here.tag:
                begin = int(found[1])
                if begin >= len(here.body):
                    self.send_error(416)
                    return
            piece = here.body[begin:]
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(piece)))
            self.send_header("ETag", here.tag)
            self.end_headers()
            if here.breaks:
                piece = piece[: here.breaks.pop(0)]
                self.close_connection = True
            self.wfile.write(piece)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Site(f"http://127.0.0.1:{server.server_port}/file", packed(tmp_path))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(site: Site, folder: Path, official: Official = OFFICIAL) -> fetching.Fetched:
    return fetching.fetch(official, folder, site.url)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_whole_and_is_counted(site: Site, tmp_path: Path) -> None:
    done = fetch(site, tmp_path / "to")
    assert (done.bytes, done.rows, done.resumed_from) == (len(site.body), 60, 0)
    assert done.path.read_bytes() == site.body
    assert names(tmp_path / "to") == ["release.csv.gz"]


def test_a_broken_connection_is_gone_on_with(site: Site, tmp_path: Path) -> None:
    site.breaks = [100, 200]
    done = fetch(site, tmp_path / "to")
    assert done.path.read_bytes() == site.body
    assert site.asked == ["", "bytes=100-", "bytes=300-"]


def test_a_second_run_goes_on_where_the_first_has_stopped(site: Site, tmp_path: Path) -> None:
    site.breaks = [100, 0]  # then nothing more comes: the first run gives up
    with pytest.raises(FetchError, match="run the command again to go on"):
        fetch(site, tmp_path / "to")
    assert "release.csv.gz" not in names(tmp_path / "to")
    assert fetch(site, tmp_path / "to").resumed_from == 100
    assert site.asked[-1] == "bytes=100-"


def test_a_file_that_has_changed_since_is_fetched_anew(site: Site, tmp_path: Path) -> None:
    site.breaks = [100, 0]
    with pytest.raises(FetchError):
        fetch(site, tmp_path / "to")
    site.tag, site.body = '"two"', packed(tmp_path, 70)
    done = fetch(site, tmp_path / "to")
    assert (done.rows, done.resumed_from) == (70, 0)


def test_a_server_without_ranges_gives_the_whole_again(site: Site, tmp_path: Path) -> None:
    site.ranges, site.breaks = False, [100]
    assert fetch(site, tmp_path / "to").path.read_bytes() == site.body


def test_a_part_that_is_whole_already_is_checked_and_kept(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "to"
    folder.mkdir()
    (folder / ".release.csv.gz.part").write_bytes(site.body)
    (folder / ".release.csv.gz.part.etag").write_text(site.tag)
    assert fetch(site, folder).rows == 60


def test_a_missing_file_is_told_with_its_address(site: Site, tmp_path: Path) -> None:
    site.url = site.url.replace("/file", "/gone")
    with pytest.raises(FetchError, match=r"/gone: the server answers 404"):
        fetch(site, tmp_path / "to")


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="run the command again"):
        fetching.fetch(OFFICIAL, tmp_path, "http://127.0.0.1:9/file")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>no such page</html>", "torn or no gzip"),
        (gzip.compress(b"a,b\n1,2\n" * 60, mtime=0), "the header lacks record_id"),
        (gzip.compress(b"a,b\n1,\xff\n" * 60, mtime=0), "no CSV in UTF-8"),
    ],
)
def test_what_is_not_the_file_is_not_kept(
    site: Site, tmp_path: Path, body: bytes, says: str
) -> None:
    site.body = body
    with pytest.raises(BadDownload, match=says):
        fetch(site, tmp_path / "to")
    assert names(tmp_path / "to") == []


def test_a_torn_or_short_file_is_not_kept(site: Site, tmp_path: Path) -> None:
    site.body = site.body[:-20]
    with pytest.raises(BadDownload, match="torn"):
        fetch(site, tmp_path / "to")
    site.body = packed(tmp_path, 49)
    with pytest.raises(BadDownload, match="49 rows came; there are at least 50"):
        fetch(site, tmp_path / "to")


def test_an_address_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="begins with https:// or http://"):
        fetching.fetch(OFFICIAL, tmp_path, "file:///etc/passwd")


def test_the_command_says_what_came_and_what_is_next(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(fetching.OFFICIAL, "coronanet", OFFICIAL)
    to = tmp_path / "to"
    result = CliRunner().invoke(main, ["fetch", "coronanet", "--to", str(to), "--url", site.url])
    assert result.exit_code == 0, result.output
    assert "60 rows" in result.output
    assert f"crisisgov build --with coronanet={to}" in result.output


def test_a_file_with_another_digest_than_expected_is_not_kept(site: Site, tmp_path: Path) -> None:
    right, to = hashlib.sha256(site.body).hexdigest(), tmp_path / "to"
    with pytest.raises(BadDownload, match=f"has the sha256 {right}, not {'0' * 64}"):
        fetching.fetch(OFFICIAL, to, site.url, sha256="0" * 64)
    assert names(to) == []
    assert fetching.fetch(OFFICIAL, to, site.url, sha256=right.upper()).sha256 == right
