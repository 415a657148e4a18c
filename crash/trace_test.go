package crash

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// traced are the calls that change files or say something to a client.
const traced = "openat,open,creat,close,dup,dup2,dup3,pwrite64,pwritev,pwritev2,write,writev,sendto,ftruncate," +
	"truncate,fallocate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,accept4,mmap"

// tracedBytes is how much of one write the trace holds, in bytes.
const tracedBytes = 70_000

// call is a system call. It happened at some time between two lines of the trace.
type call struct {
	start, end int
	name       string
	args       string
	result     int64
}

// tracer runs a program under strace, which writes to file.
func tracer(t testing.TB, file string) []string {
	t.Helper()
	const advice = "this test records a program's system calls: install strace (scripts/system does) " +
		"and allow ptrace (in a container the capability SYS_PTRACE)"
	if out, err := exec.CommandContext(t.Context(), "strace", "-f", "-qq", "-o", os.DevNull, "true").
		CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", advice, err, out)
	}
	return []string{
		"strace", "-f", "-qq", "-xx", "-s", strconv.Itoa(tracedBytes), "--seccomp-bpf", "-o", file, "-e", "trace=" + traced,
	}
}

// childOf is the one child of a process.
func childOf(pid int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

// stopTraced ends a traced program as SIGTERM does.
func (s *server) stopTraced() error {
	child, err := childOf(s.pid)
	if err != nil {
		return err
	}
	if err := syscall.Kill(child, syscall.SIGTERM); err != nil {
		return err
	}
	<-s.ended
	if !s.cmd.ProcessState.Success() {
		return fmt.Errorf("stop: %w: %s\n%s", errLog, s.cmd.ProcessState, &s.log)
	}
	return nil
}

var errTrace = errors.New("the trace cannot be read")

// readTrace reads what strace wrote; the calls are in the order of their ends.
func readTrace(file string) (calls []call, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	begun := map[string]call{} // by thread
	lines := bufio.NewReaderSize(f, 1<<20)
	for n := 1; ; n++ {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return calls, nil
		}
		if err != nil {
			return nil, err
		}
		thread, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		c, whole, err := readCall(strings.TrimLeft(text, " "), n, begun, thread)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w: %.200s", n, err, line)
		}
		if whole {
			calls = append(calls, c)
		}
	}
}

// readCall reads a line: a call, its beginning, its end, or a signal.
func readCall(text string, line int, begun map[string]call, thread string) (c call, whole bool, err error) {
	switch {
	case strings.HasPrefix(text, "---"), strings.HasPrefix(text, "+++"):
		return c, false, nil
	case strings.HasPrefix(text, "<... "):
		c = begun[thread]
		delete(begun, thread)
		_, rest, found := strings.Cut(text, " resumed>")
		if !found || c.name == "" {
			return c, false, errTrace
		}
		text = c.args + rest
	default:
		name, rest, found := strings.Cut(text, "(")
		if !found {
			return c, false, errTrace
		}
		c, text = call{start: line, name: name}, rest
	}
	if before, ok := strings.CutSuffix(text, " <unfinished ...>"); ok {
		c.args = before
		begun[thread] = c
		return c, false, nil
	}
	at := strings.LastIndex(text, " = ")
	if at < 0 {
		return c, false, errTrace
	}
	c.end, c.args = line, strings.TrimRight(text[:at], " ")
	result, _, _ := strings.Cut(text[at+3:], " ")
	c.result, err = strconv.ParseInt(result, 0, 64)
	if result == "?" {
		c.result, err = -1, nil // it never returned
	}
	return c, true, err
}

// number reads the n-th argument of a call whose text arguments come later.
func (c *call) number(n int) int64 {
	parts := strings.SplitN(strings.TrimSuffix(c.args, ")"), ",", n+2)
	if n >= len(parts) {
		return -1
	}
	v, err := strconv.ParseInt(strings.TrimSpace(parts[n]), 0, 64)
	if err != nil {
		return -1
	}
	return v
}

// last reads the last argument.
func (c *call) last() int64 {
	args := strings.TrimSuffix(c.args, ")")
	v, err := strconv.ParseInt(strings.TrimSpace(args[strings.LastIndex(args, ",")+1:]), 0, 64)
	if err != nil {
		return -1
	}
	return v
}

// text reads the n-th quoted argument, up to a number of bytes.
func (c *call) text(n, most int) ([]byte, error) {
	parts := strings.SplitN(c.args, `"`, 2*n+3)
	if len(parts) < 2*n+3 {
		return nil, errTrace
	}
	quoted := parts[2*n+1]
	if len(quoted) == 4*tracedBytes && most >= tracedBytes {
		return nil, fmt.Errorf("%w: a write of more than %d bytes", errTrace, tracedBytes)
	}
	quoted = quoted[:min(len(quoted), 4*most)]
	return hex.DecodeString(strings.ReplaceAll(quoted, `\x`, ""))
}
