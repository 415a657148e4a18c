package oracle

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed c/oracle.c
var source []byte

// flags are those of both compilations. The session extension needs the first
// two; the rest leave out what one thread in one process has no use for.
func flags() []string {
	return []string{
		"-O2", "-DSQLITE_ENABLE_SESSION", "-DSQLITE_ENABLE_PREUPDATE_HOOK",
		"-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION",
	}
}

// build returns the path of the program, compiling what the cache lacks. Names
// in the cache carry a hash of everything that went in, so a new SQLite or a
// changed source is never mistaken for an old one.
func build(ctx context.Context) (string, error) {
	dir, err := cacheDir()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make cache: %w", err)
	}
	sqlite, err := sqliteDir(ctx)
	if err != nil {
		return "", err
	}
	amalgamation, err := os.ReadFile(filepath.Join(sqlite, "sqlite3-binding.c"))
	if err != nil {
		return "", fmt.Errorf("read SQLite: %w", err)
	}
	object := filepath.Join(dir, "sqlite-"+name(amalgamation)+".o")
	err = compile(ctx, object, "-c", filepath.Join(sqlite, "sqlite3-binding.c"))
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "oracle-"+name(amalgamation, source))
	return program, link(ctx, program, object, sqlite)
}

// sqliteDir is the module that carries the SQLite sources.
func sqliteDir(ctx context.Context) (string, error) {
	const module = "github.com/mattn/go-sqlite3"
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("find module %s: %w", module, err)
	}
	dir := strings.TrimSpace(string(out))
	if dir == "" {
		return "", fmt.Errorf("find module %s: not downloaded", module)
	}
	return dir, nil
}

func name(sources ...[]byte) string {
	h := sha256.New()
	for _, s := range sources {
		sum := sha256.Sum256(s)
		h.Write(sum[:])
	}
	h.Write([]byte(strings.Join(flags(), "\x00")))
	return fmt.Sprintf("%x", h.Sum(nil)[:12])
}

func link(ctx context.Context, program, object, sqlite string) error {
	work, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()
	c := filepath.Join(work, "oracle.c")
	if err := os.WriteFile(c, source, 0o644); err != nil {
		return fmt.Errorf("write oracle source: %w", err)
	}
	return compile(ctx, program, "-I", sqlite, c, object, "-lm")
}

// compile runs gcc unless the target is there. It writes beside the target and
// renames, so that two test processes can build at the same time.
func compile(ctx context.Context, target string, args ...string) error {
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	part, err := os.CreateTemp(filepath.Dir(target), "part-*")
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	defer func() { _ = os.Remove(part.Name()) }()
	if err := part.Close(); err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	all := append(append(flags(), "-o", part.Name()), args...)
	if out, err := exec.CommandContext(ctx, "gcc", all...).CombinedOutput(); err != nil {
		return fmt.Errorf("compile %s: %w\n%s", filepath.Base(target), err, out)
	}
	if err := os.Chmod(part.Name(), 0o755); err != nil {
		return fmt.Errorf("make executable: %w", err)
	}
	if err := os.Rename(part.Name(), target); err != nil {
		return fmt.Errorf("keep %s: %w", filepath.Base(target), err)
	}
	return nil
}
