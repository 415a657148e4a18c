package crash

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sansuiji/schema"
)

var seed = flag.Uint64("seed", 1, "number that chance is made from")

// What the program may take until it serves: by the clock, and of a processor's time,
// whatever else the machine does.
const (
	readyMax = 3 * time.Second
	workMax  = time.Second
)

func TestMain(m *testing.M) {
	flag.Parse()
	folder, err := os.MkdirTemp("", "sansuiji-crash-")
	if err != nil {
		panic(err)
	}
	made.folder = folder
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// made is what the tests share: the program, and a folder with a city.
var made struct {
	folder string
	once   sync.Once
	err    error
}

// program builds the program with its failpoints, once.
func program(t testing.TB) string {
	t.Helper()
	made.once.Do(func() { made.err = makeProgram() })
	must(t, made.err)
	return filepath.Join(made.folder, "sansuiji")
}

func makeProgram() error {
	file := filepath.Join(made.folder, "sansuiji")
	build := exec.CommandContext(context.Background(), "go", "build", "-tags", "failpoints", "-o", file, "sansuiji/cmd/sansuiji")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	s, err := start(launch{file: file, command: "demo", data: filepath.Join(made.folder, "city")})
	if err != nil {
		return err
	}
	return s.stop()
}

// newCity is a folder with a city of which nobody has pushed yet.
func newCity(t testing.TB) string {
	t.Helper()
	program(t)
	data := filepath.Join(t.TempDir(), "data")
	must(t, os.CopyFS(data, os.DirFS(filepath.Join(made.folder, "city"))))
	return data
}

// launch says how to start the program.
type launch struct {
	file    string
	command string // serve, unless it says demo
	data    string
	env     []string
	wrap    []string      // a program that runs it, and its arguments
	life    time.Duration // until it is killed; 0: it is not
}

// server is a running program.
type server struct {
	cmd    *exec.Cmd
	pid    int // of the program itself
	ready  bool
	took   time.Duration // until it served
	worked time.Duration // of a processor's time, until then
	log    logged
	ended  chan struct{} // closed when it is gone
	killed bool          // by a signal nobody of us sent
	url    string
}

var (
	errSlow = errors.New("it does not serve in time")
	errLog  = errors.New("it does not end well")
)

// logged is what a program writes, while others read.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start runs the program until it serves, or is dead: server.ready tells. An
// error is a program that neither serves nor was killed.
func start(l launch) (*server, error) {
	args := append(append([]string{}, l.wrap...), l.file)
	if l.command == "" {
		l.command = "serve"
	}
	args = append(args, l.command, "--addr", "127.0.0.1:0", "--data", l.data)
	s := &server{ended: make(chan struct{})}
	s.cmd = exec.CommandContext(context.Background(), args[0], args[1:]...)
	s.cmd.Env = append(os.Environ(), l.env...)
	s.cmd.Stderr = &s.log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	s.pid = s.cmd.Process.Pid
	if l.life > 0 {
		time.AfterFunc(l.life, func() { _ = s.cmd.Process.Kill() }) // knows when it is gone
	}
	lines := make(chan string, 1)
	go s.read(stdout, lines)
	select {
	case line := <-lines:
		s.took = time.Since(began)
		if s.worked, err = processorTime(s.pid); err != nil && !errors.Is(err, fs.ErrNotExist) { // killed since
			return s, err
		}
		return s, s.serves(line)
	case <-s.ended:
		if !s.killed {
			return s, fmt.Errorf("start: %w\n%s", errLog, &s.log)
		}
		return s, nil
	case <-time.After(10 * readyMax): // the wait is longer than what is allowed, to tell how long
		_ = s.cmd.Process.Kill()
		return s, errSlow
	}
}

// processorTime is what a process has used of it, as proc_pid_stat(5) tells: fields 14 and
// 15, in hundredths of a second.
func processorTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // from the third on
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / 100, errors.Join(err, err2)
}

// read waits for the line that says where the program serves, and for its end.
func (s *server) read(stdout io.Reader, ready chan<- string) {
	scanner := bufio.NewScanner(stdout)
	for scanner.Scan() {
		if line, ok := strings.CutPrefix(scanner.Text(), "ready "); ok {
			ready <- line
		}
	}
	_ = s.cmd.Wait()
	status, _ := s.cmd.ProcessState.Sys().(syscall.WaitStatus)
	s.killed = status.Signaled() && status.Signal() == syscall.SIGKILL
	close(s.ended)
}

func (s *server) serves(line string) error {
	var ready struct{ Field string }
	if err := json.Unmarshal([]byte(line), &ready); err != nil {
		return err
	}
	s.ready = true
	s.url = strings.TrimSuffix(strings.Replace(ready.Field, "localhost", "127.0.0.1", 1), "/")
	return nil
}

// kill ends the program as kill -9 does.
func (s *server) kill() {
	_ = syscall.Kill(s.pid, syscall.SIGKILL)
	<-s.ended
}

// stop ends the program as SIGTERM does and wants it to end well.
func (s *server) stop() error {
	if err := syscall.Kill(s.pid, syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.ended:
	case <-time.After(15 * time.Second):
		return errSlow
	}
	if !s.cmd.ProcessState.Success() {
		return fmt.Errorf("stop: %w: %s\n%s", errLog, s.cmd.ProcessState, &s.log)
	}
	return nil
}

// access is what demo.json says.
type access struct {
	Campaign  schema.CampaignID
	Inspector schema.RowID
	Login     string
	Password  string
}

func accessTo(t testing.TB, data string) (a access) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "demo.json"))
	must(t, err)
	must(t, json.Unmarshal(text, &a))
	return a
}

// fsck replays the history of a folder whose program is stopped.
func fsck(t testing.TB, data string) {
	t.Helper()
	out, err := exec.CommandContext(context.Background(), program(t), "fsck", "--data", data).CombinedOutput()
	if err != nil {
		t.Fatalf("fsck: %v\n%s", err, out)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
