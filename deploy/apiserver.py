"""Where does a real API server come from: Debian's source, built once, started on loopback alone?

Only kube-apiserver is built, from the source package of the archive that apt is configured with; etcd
is Debian's. It is old and out of support: it looks at manifests, it never serves anybody.
"""

import os
import secrets
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from running import PLACE, die, ran, say

HOME = PLACE / "apiserver"
PROGRAM = HOME / "kube-apiserver"
SUITE = "bookworm"
"""The last suite of Debian whose source package holds the whole server."""
RELEASE = "v1.20.2"
GO = Path("/usr/lib/go-1.19")
REFLECT = "golang-github-modern-go-reflect2"
"""Takes the place of the copy within: with Go since 1.18 that one ends the server at the first
resource of a kind that is not Kubernetes' own."""
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGES = ("golang-1.19-go", "etcd-server", "dpkg-dev")


def program() -> Path:
    """The server, built unless it was: about ten minutes on two cores, and 2 GB while it is built."""
    building = not PROGRAM.exists()
    needed = ("etcd", *(("dpkg-source", "apt-get", str(GO / "bin/go")) if building else ()))
    if missing := [one for one in needed if not shutil.which(one)]:
        die(
            f"缺少程序 programs are missing ({', '.join(missing)}): "
            f"apt-get install {' '.join(PACKAGES)} (Debian {SUITE})"
        )
    if building:
        work = HOME / "work"
        source = _source(work)
        _built(work, source)
        shutil.rmtree(work)
    return PROGRAM


def _source(work: Path) -> Path:
    """The source package, with Debian's patches, where Go without modules looks for it."""
    tree = work / "src" / "k8s.io" / "kubernetes"
    if tree.exists():
        return tree
    say(f"获取源码包 Debian's source of Kubernetes ({SUITE}, 34 MB)")
    for folder in ("lists/partial", "download"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    sources = work / "sources.list"
    sources.write_text(_archive())
    apt = (
        "apt-get", "-q", "-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=-",
        "-o", f"Dir::State::lists={work / 'lists'}", "-o", "APT::Sandbox::User=",
        "-o", "Acquire::Languages=none",
    )  # fmt: skip
    ran(*apt, "update", capture_output=True)
    ran(
        *apt, "source", "--download-only", "kubernetes", REFLECT,
        capture_output=True, cwd=work / "download",
    )  # fmt: skip
    half, newer = work / "half", work / "reflect"
    for name, folder in (("kubernetes", half), (REFLECT, newer)):
        shutil.rmtree(folder, ignore_errors=True)
        (description,) = (work / "download").glob(f"{name}_*.dsc")
        ran("dpkg-source", "--extract", description, folder, capture_output=True)
    older = half / "vendor/github.com/modern-go/reflect2"
    shutil.rmtree(older)
    shutil.copytree(newer, older)
    tree.parent.mkdir(parents=True, exist_ok=True)
    half.rename(tree)
    return tree


def _archive() -> str:
    """A line of apt for the sources of Debian, from the archive that this machine uses."""
    told = ran(
        "apt-get", "indextargets", "--format", "$(ORIGIN) $(CODENAME) $(REPO_URI)",
        "Identifier: Packages", capture_output=True,
    ).stdout  # fmt: skip
    for line in told.splitlines():
        origin, _, rest = line.partition(" ")
        suite, _, address = rest.partition(" ")
        if origin == "Debian" and "-" not in suite:
            signed = f" [signed-by={KEYRING}]" if KEYRING.exists() else ""
            return f"deb-src{signed} {address} {SUITE} main\n"
    die("apt 未配置 Debian apt knows no archive of Debian: add one, then apt-get update")


def _built(work: Path, tree: Path) -> None:
    known = os.environ  # noqa: TID251
    go = {
        **known, "GOROOT": str(GO), "GOPATH": str(work), "GOCACHE": str(work / "cache"),
        "GO111MODULE": "off", "CGO_ENABLED": "0", "GOFLAGS": "",
        "PATH": f"{GO / 'bin'}:{known['PATH']}",
    }  # fmt: skip
    generated = tree / "pkg/generated/openapi/zz_generated.openapi.go"
    if not generated.exists():
        say("生成 the one generated file that the package lacks")
        tool = work / "openapi-gen"
        ran(
            "nice", "go", "build", "-o", tool,
            "k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen",
            env=go, cwd=tree, capture_output=True,
        )  # fmt: skip
        ran(
            tool, "--output-base", work / "src",
            "--output-package", "k8s.io/kubernetes/pkg/generated/openapi",
            "--output-file-base", "zz_generated.openapi",
            "--go-header-file", "vendor/k8s.io/code-generator/hack/boilerplate.go.txt",
            "--report-filename", work / "report",
            *(f"--input-dirs={package}" for package in _described(tree)),
            env=go, cwd=tree, capture_output=True,
        )  # fmt: skip
    say(f"构建 kube-apiserver {RELEASE} (about ten minutes, once)")
    version = "k8s.io/kubernetes/vendor/k8s.io/component-base/version.gitVersion"
    made = work / PROGRAM.name
    ran(
        "nice", "go", "build", "-ldflags", f"-s -w -X {version}={RELEASE}",
        "-o", made, "k8s.io/kubernetes/cmd/kube-apiserver",
        env=go, cwd=tree, capture_output=True,
    )  # fmt: skip
    made.rename(PROGRAM)


def _described(tree: Path) -> list[str]:
    """Packages whose types are in the server's own description of its kinds."""
    found = set()
    for top in ("staging/src/k8s.io", "pkg", "cmd", "vendor/k8s.io/kube-openapi",
                "vendor/k8s.io/utils", "vendor/k8s.io/klog"):  # fmt: skip
        for file in (tree / top).rglob("*.go"):
            path = file.parent.relative_to(tree).as_posix()
            if file.name.endswith("_test.go") or any(
                word in path for word in ("example", "sample", "code-generator", "testdata")
            ):
                continue
            if "+k8s:openapi-gen=true" in file.read_text(errors="replace"):
                found.add(f"k8s.io/kubernetes/{path}".replace(
                    "kubernetes/staging/src/k8s.io", "kubernetes/vendor/k8s.io"))  # fmt: skip
    return sorted(found)


@contextmanager
def served() -> Iterator[httpx.Client]:
    """A server with nothing in it, and a client that may do everything; both go at the end."""
    from services.onebox.ports import free_port

    binary, run = program(), HOME / "run"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True, mode=0o700)
    key, tokens, token = run / "account.key", run / "tokens.csv", secrets.token_urlsafe(32)
    key.write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
    )
    tokens.write_text(f"{token},admin,admin,system:masters\n")
    store, peers, port = free_port(0), free_port(0), free_port(0)
    etcd = f"http://127.0.0.1:{store}"
    between = f"http://127.0.0.1:{peers}"
    started = [
        _started(
            run, "etcd", "--data-dir", run / "etcd", "--listen-client-urls", etcd,
            "--advertise-client-urls", etcd, "--listen-peer-urls", between,
            "--initial-advertise-peer-urls", between,
            "--initial-cluster", f"default={between}",
        ),
        _started(
            run, binary, f"--etcd-servers={etcd}", "--bind-address=127.0.0.1",
            f"--secure-port={port}", f"--cert-dir={run / 'certificates'}",
            "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.96.0.0/16",
            # Without a word since 1.23: a finished Job goes by itself.
            "--feature-gates=TTLAfterFinished=true", "--authorization-mode=RBAC",
            f"--token-auth-file={tokens}",
            f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
            "--service-account-issuer=https://kubernetes.default.svc",
        ),
    ]  # fmt: skip
    try:
        with closing(_client(run, port, token, started)) as client:
            yield client
    except httpx.HTTPError as error:
        die(f"API 服务器没有应答 the API server does not answer: {error!r}\n{_said(run)}")
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait(30)
        shutil.rmtree(run)


def _started(run: Path, binary: str | Path, *words: str | Path) -> subprocess.Popen[bytes]:
    with (run / f"{Path(binary).name}.log").open("wb") as log:
        return subprocess.Popen([str(binary), *map(str, words)], stdout=log, stderr=log)


def _client(
    run: Path, port: int, token: str, started: list[subprocess.Popen[bytes]]
) -> httpx.Client:
    """Once the server is ready: its own certificate is the only one that is believed."""
    certificate, until = run / "certificates" / "apiserver.crt", time.monotonic() + 180
    while time.monotonic() < until and all(one.poll() is None for one in started):
        time.sleep(0.3)
        try:
            client = httpx.Client(
                base_url=f"https://127.0.0.1:{port}",
                headers={"Authorization": f"Bearer {token}"},
                verify=ssl.create_default_context(cafile=str(certificate)),
                trust_env=False,
                timeout=60,
            )
        except OSError:  # no certificate yet, or half of one
            continue
        try:
            if client.get("/readyz").text == "ok":
                return client
        except httpx.HTTPError:
            pass
        client.close()
    die(f"API 服务器没有起来 the API server does not start\n{_said(run)}")


def _said(run: Path) -> str:
    return "\n".join(log.read_text()[-3000:] for log in sorted(run.glob("*.log")))
