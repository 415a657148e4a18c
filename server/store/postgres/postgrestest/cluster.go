package postgrestest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// script runs a cluster in folder $1 with the programs in $2 and the settings in
// $3 until its standard input ends: it does so too when the test is killed, and
// takes the folder along.
const script = `
trap '' INT TERM
PATH="$2:$PATH"
initdb -D "$1/data" -U sansuiji -A trust -E UTF8 --no-locale -N >"$1/initdb" 2>&1 || {
	cat "$1/initdb"; rm -rf "$1"; exit 1; }
pg_ctl -D "$1/data" -l "$1/log" -s -w -o "-k $1 -h '' $3" start || {
	cat "$1/log"; pg_ctl -D "$1/data" -s -m immediate stop; rm -rf "$1"; exit 1; }
echo ready
cat >/dev/null
pg_ctl -D "$1/data" -s -m immediate stop
rm -rf "$1"
`

// Settings of a cluster.
const (
	// Fast is for tests: nothing has to outlive them, so nothing is forced to the
	// disk.
	Fast = "-c fsync=off -c full_page_writes=off -c max_connections=300"
	// Durable is PostgreSQL's own, with room for a benchmark between checkpoints.
	Durable = "-c shared_buffers=256MB -c max_wal_size=4GB"
)

// ready is the line with which script says that the cluster answers.
const ready = "ready"

// Cluster is a running PostgreSQL.
type Cluster struct {
	folder string
	stop   func() error
}

// Stop stops the cluster and removes what it kept.
func (c *Cluster) Stop() error { return c.stop() }

// Postmaster is the number of the cluster's first process, the parent of all
// others.
func (c *Cluster) Postmaster() (int, error) {
	file := filepath.Join(c.folder, "data", "postmaster.pid")
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(line)
}

// ErrNotInstalled says that PostgreSQL's programs are not there.
var ErrNotInstalled = errors.New("PostgreSQL is not installed")

// Start runs a cluster until it is stopped or this process ends. Where that runs
// as root, which PostgreSQL refuses, the cluster runs as postgres or nobody.
func Start(settings string) (*Cluster, error) {
	programs, err := find()
	if err != nil {
		return nil, err
	}
	folder, who, err := newFolder()
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	cmd := exec.CommandContext(context.Background(), "/bin/sh", "-c", script, "sh", folder, programs,
		settings)
	cmd.Dir, cmd.SysProcAttr = folder, &syscall.SysProcAttr{Credential: who}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", errors.Join(err, os.RemoveAll(folder)))
	}
	output, err := untilReady(out)
	c := &Cluster{folder, func() error {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("stop PostgreSQL: %w\n%s", err, &complaints)
		}
		return os.RemoveAll(folder)
	}}
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL from %s: %w\n%s", programs,
			errors.Join(err, c.Stop()), output)
	}
	return c, nil
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

// find is the folder with initdb and pg_ctl: on the PATH, or where Debian keeps
// them, the newest version first.
func find() (string, error) {
	if program, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(program), nil
	}
	const pattern = "/usr/lib/postgresql/*/bin/initdb"
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%w: no initdb on the PATH nor at %s; on Debian: apt-get install postgresql",
			ErrNotInstalled, pattern)
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

// version is the number in /usr/lib/postgresql/15/bin/initdb.
func version(program string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(program))))
	return n
}

// newFolder makes a folder for a cluster and says who runs it; nil: we do. It is
// no folder of one test: other users cannot enter that, and the path of a socket
// must be short.
func newFolder() (string, *syscall.Credential, error) {
	folder, err := os.MkdirTemp("", "pg-")
	if err != nil || os.Getuid() != 0 {
		return folder, nil, err
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		account, err = user.Lookup("nobody")
	}
	if err != nil {
		return "", nil, err
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return "", nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return "", nil, err
	}
	return folder, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
		os.Chown(folder, int(uid), int(gid))
}
