// Package postgrestest starts a PostgreSQL of its own for a test, from the
// programs that are installed, and leaves nothing behind. It is test support;
// nothing in the server imports it.
package postgrestest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// script runs a cluster in folder $1 with the programs in $2 until its standard
// input ends: it does so too when the test is killed, and takes the folder along.
// Nothing in it has to outlive the test, so nothing is forced to the disk.
const script = `
trap '' INT TERM
PATH="$2:$PATH"
initdb -D "$1/data" -U sansuiji -A trust -E UTF8 --no-locale -N >"$1/initdb" 2>&1 || {
	cat "$1/initdb"; rm -rf "$1"; exit 1; }
pg_ctl -D "$1/data" -l "$1/log" -s -w -o \
	"-k $1 -h '' -c fsync=off -c full_page_writes=off -c synchronous_commit=off" start || {
	cat "$1/log"; pg_ctl -D "$1/data" -s -m immediate stop; rm -rf "$1"; exit 1; }
echo ready
cat >/dev/null
pg_ctl -D "$1/data" -s -m immediate stop
rm -rf "$1"
`

// ready is the line with which script says that the cluster answers.
const ready = "ready"

// Start runs a cluster until the test ends and returns how to reach its empty
// database "postgres", as a URL for pgx. Where the test runs as root, which
// PostgreSQL refuses, the cluster runs as postgres or nobody.
func Start(t testing.TB) (connString string) {
	t.Helper()
	programs := find(t)
	folder, who := newFolder(t)
	cmd := exec.CommandContext(context.Background(), "/bin/sh", "-c", script, "sh", folder, programs)
	cmd.Dir, cmd.SysProcAttr = folder, &syscall.SysProcAttr{Credential: who}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	output, err := untilReady(out)
	t.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("stop PostgreSQL: %v\n%s", err, &complaints)
		}
	})
	if err != nil {
		t.Fatalf("start PostgreSQL from %s: %v\n%s", programs, err, output)
	}
	return "postgres:///postgres?user=sansuiji&host=" + url.QueryEscape(folder)
}

// untilReady reads what the script says up to the ready line; without one, all
// of it.
func untilReady(out io.Reader) (string, error) {
	var said strings.Builder
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == ready {
			return "", nil
		}
		fmt.Fprintln(&said, lines.Text())
	}
	return said.String(), io.ErrUnexpectedEOF
}

// NewDatabase makes one more empty database in a cluster that Start began and
// returns how to reach it.
func NewDatabase(t testing.TB, connString, name string) string {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), connString)
	must(t, err)
	defer func() { must(t, conn.Close(context.Background())) }()
	_, err = conn.Exec(context.Background(), "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	must(t, err)
	u, err := url.Parse(connString)
	must(t, err)
	u.Path = "/" + name
	return u.String()
}

// find is the folder with initdb and pg_ctl: on the PATH, or where Debian keeps
// them, the newest version first.
func find(t testing.TB) string {
	t.Helper()
	if program, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(program)
	}
	const pattern = "/usr/lib/postgresql/*/bin/initdb"
	found, err := filepath.Glob(pattern)
	must(t, err)
	if len(found) == 0 {
		t.Fatalf("PostgreSQL is not installed: no initdb on the PATH nor at %s; "+
			"on Debian: apt-get install postgresql", pattern)
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest)
}

// version is the number in /usr/lib/postgresql/15/bin/initdb.
func version(program string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(program))))
	return n
}

// newFolder makes a folder for a cluster and says who runs it; nil: we do. It is
// not t.TempDir: other users cannot enter that, and the path of a socket must
// be short.
func newFolder(t testing.TB) (string, *syscall.Credential) {
	t.Helper()
	folder, err := os.MkdirTemp("", "pg-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if os.Getuid() != 0 {
		return folder, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		account, err = user.Lookup("nobody")
	}
	must(t, err)
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	must(t, err)
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	must(t, err)
	must(t, os.Chown(folder, int(uid), int(gid)))
	return folder, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
