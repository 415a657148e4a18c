package oracle

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// messageMax bounds a message in either direction, in bytes. A message is a
// four-byte big-endian length and that many bytes; a field inside one likewise.
const messageMax = 1 << 30

var errMessage = errors.New("malformed message")

// child is one run of the C program.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func spawn(ctx context.Context, program string) (*child, error) {
	cmd := exec.CommandContext(ctx, program)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("open pipe: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("open pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("run %s: %w", program, err)
	}
	return &child{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 1<<16)}, nil
}

func (c *child) ask(request []byte) ([][]byte, error) {
	if _, err := c.in.Write(request); err != nil {
		return nil, fmt.Errorf("send request: %w", err)
	}
	var head [4]byte
	if _, err := io.ReadFull(c.out, head[:]); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > messageMax {
		return nil, fmt.Errorf("read answer: %w: %d bytes", errMessage, n)
	}
	answer := make([]byte, n)
	if _, err := io.ReadFull(c.out, answer); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	return split(answer)
}

func (c *child) close() error {
	if err := c.in.Close(); err != nil {
		c.kill()
		return fmt.Errorf("close pipe: %w", err)
	}
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("end oracle: %w", err)
	}
	return nil
}

// kill ends a child that is no longer of use; how it ends does not matter.
func (c *child) kill() {
	_ = c.in.Close()
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

func message(command byte, fields [][]byte) ([]byte, error) {
	n := 1
	for _, f := range fields {
		n += 4 + len(f)
	}
	if n > messageMax {
		return nil, fmt.Errorf("send request: %w: %d bytes", errMessage, n)
	}
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 4+n), uint32(n))
	b = append(b, command)
	for _, f := range fields {
		b = binary.BigEndian.AppendUint32(b, uint32(len(f)))
		b = append(b, f...)
	}
	return b, nil
}

func split(b []byte) (fields [][]byte, err error) {
	for len(b) > 0 {
		if len(b) < 4 {
			return nil, fmt.Errorf("read answer: %w", errMessage)
		}
		n := int64(binary.BigEndian.Uint32(b))
		b = b[4:]
		if n > int64(len(b)) {
			return nil, fmt.Errorf("read answer: %w", errMessage)
		}
		fields = append(fields, b[:n:n])
		b = b[n:]
	}
	return fields, nil
}
