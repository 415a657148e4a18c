package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/changeset/jsonline"
)

const (
	changesetUsage = "usage: sansuiji changeset dump FILE|- | sansuiji changeset encode"

	exitFailed    = 1 // a file or stream could not be read or written
	exitMalformed = 2 // wrong usage or input
)

// runChangeset runs "sansuiji changeset" with the arguments after that word and
// returns the exit code. See package jsonline for the lines it prints and reads.
func runChangeset(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var err error
	switch {
	case len(args) == 2 && args[0] == "dump":
		err = dumpChangeset(args[1], stdin, stdout)
	case len(args) == 1 && args[0] == "encode":
		err = encodeChangeset(stdin, stdout)
	default:
		return tellVerbs(args, changesetUsage+"\n", stdout, stderr)
	}
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "sansuiji changeset %s: %v\n", args[0], err)
	var malformed *changeset.Error
	if errors.As(err, &malformed) || errors.Is(err, jsonline.ErrMalformed) {
		return exitMalformed
	}
	return exitFailed
}

// dumpChangeset prints each change as a line; where the input turns out to be
// malformed, the lines before that stay.
func dumpChangeset(file string, stdin io.Reader, stdout io.Writer) error {
	input, err := readChangeset(file, stdin)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(stdout)
	r := changeset.NewReader(input, changeset.Limits{})
	var (
		dumper jsonline.Dumper
		line   []byte
	)
	for {
		c, err := r.Next()
		if err != nil {
			if flushErr := out.Flush(); flushErr != nil {
				return fmt.Errorf("write lines: %w", flushErr)
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("%s: %w", file, err)
		}
		line = dumper.Append(line[:0], c)
		if _, err := out.Write(line); err != nil {
			return fmt.Errorf("write lines: %w", err)
		}
	}
}

// readChangeset reads a file whole, or one byte more than a Reader takes.
func readChangeset(file string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("open input: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	most := int64(changeset.DefaultLimits().Bytes)
	input, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return input, nil
}

// encodeChangeset writes the bytes of all lines, or nothing where one is wrong.
func encodeChangeset(stdin io.Reader, stdout io.Writer) error {
	var encoder jsonline.Encoder
	most := changeset.DefaultLimits().Bytes
	lines := bufio.NewScanner(stdin)
	lines.Buffer(nil, jsonline.LineMax)
	n := 1
	for ; lines.Scan(); n++ {
		err := encoder.Line(lines.Bytes())
		if err == nil && len(encoder.Bytes()) > most {
			err = fmt.Errorf("%w: output exceeds %d bytes", jsonline.ErrMalformed, most)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("line %d: %w: %w", n, jsonline.ErrMalformed, err)
	} else if err != nil {
		return fmt.Errorf("line %d: read input: %w", n, err)
	}
	if _, err := stdout.Write(encoder.Bytes()); err != nil {
		return fmt.Errorf("write changeset: %w", err)
	}
	return nil
}
