package evidence

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/translog"
)

// Pack is what is to be written.
type Pack struct {
	Content   *Content
	Key       crypto.Signer // headquarters', Ed25519
	Documents []Document
	Verifier  []byte // the page that checks the file; nil: none
	// Open opens the bytes of an attachment.
	Open func(ctx context.Context, hash schema.BlobHash) (io.ReadCloser, error)
	// Progress is told how many photos were read, and may end the work.
	Progress func(done int) error
}

// Document is the report as it is printed.
type Document struct {
	Path string
	Open func() (io.ReadCloser, error)
}

// file is a member to be written.
type file struct {
	path string
	open func() (io.ReadCloser, error)
	size int64
	sum  [sha256.Size]byte
	crc  uint32
}

// add adds a member that is in memory.
func (c *Content) add(path string, b []byte) { c.files = append(c.files, inMemory(path, b)) }

func inMemory(path string, b []byte) file {
	return file{path: path, open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// Write writes the file. Equal contents, documents and keys give equal bytes. After an error
// w has part of a file. Memory does not grow with the photos.
func (p *Pack) Write(ctx context.Context, w io.Writer) error {
	files, err := p.photos(ctx)
	if err != nil {
		return err
	}
	others, err := p.others()
	if err != nil {
		return err
	}
	for i := range others {
		if err := others[i].measure(); err != nil {
			return fmt.Errorf("read %s: %w", others[i].path, err)
		}
	}
	files = append(files, others...)
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	first, err := p.manifest(files)
	if err != nil {
		return err
	}
	return writeArchive(ctx, w, append(first, files...), stampOf(p.Content.manifest.At))
}

// measure finds a member's size and sums.
func (f *file) measure() error {
	from, err := f.open()
	if err != nil {
		return err
	}
	sum, crc := sha256.New(), crc32.NewIEEE()
	f.size, err = io.Copy(io.MultiWriter(sum, crc), from)
	if err = errors.Join(err, from.Close()); err != nil {
		return err
	}
	if f.size > memberMax {
		return fmt.Errorf("%d bytes are too many for a member", f.size)
	}
	f.sum, f.crc = [sha256.Size]byte(sum.Sum(nil)), crc.Sum32()
	return nil
}

// photos measures the photos. One whose bytes are not those of its name is left out, and the
// list of photos says so.
func (p *Pack) photos(ctx context.Context) ([]file, error) {
	hashes := p.Content.hashes()
	var files []file
	for i, path := range slices.Sorted(maps.Keys(hashes)) {
		if err := errors.Join(ctx.Err(), p.tell(i)); err != nil {
			return nil, err
		}
		f := file{path: path, open: func() (io.ReadCloser, error) { return p.Open(ctx, hashes[path]) }}
		err := f.measure()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil || f.sum != hashes[path] {
			p.Content.lose(path)
			continue
		}
		files = append(files, f)
	}
	return files, p.tell(len(hashes))
}

func (p *Pack) tell(done int) error {
	if p.Progress == nil {
		return nil
	}
	return p.Progress(done)
}

// others are the members beside photos, manifest and note.
func (p *Pack) others() ([]file, error) {
	c := p.Content
	list, err := c.photoList()
	if err != nil {
		return nil, err
	}
	checkpoint, err := c.checkpoint.Sign(p.Key)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	files := slices.Concat(c.files, []file{
		inMemory(photosPath, list),
		inMemory(checkpointPath, []byte(checkpoint)),
		inMemory("README.txt", c.readme()),
	})
	for _, d := range p.Documents {
		files = append(files, file{path: d.Path, open: d.Open})
	}
	if p.Verifier != nil {
		files = append(files, inMemory("verify.html", p.Verifier))
	}
	return files, nil
}

// manifest makes the manifest and its note.
func (p *Pack) manifest(files []file) ([]file, error) {
	m := p.Content.manifest
	key, ok := p.Key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("sign manifest: the key is a %T", p.Key.Public())
	}
	m.Key = translog.KeyText(m.Campaign, key)
	for i := range files {
		f := &files[i]
		m.Members = append(m.Members, Member{f.path, f.size, hex.EncodeToString(f.sum[:])})
	}
	text, err := m.encode()
	if err != nil {
		return nil, err
	}
	note, err := m.sign(text, p.Key)
	if err != nil {
		return nil, err
	}
	first := []file{inMemory(manifestPath, text), inMemory(notePath, []byte(note))}
	return first, errors.Join(first[0].measure(), first[1].measure())
}

// writeArchive writes members in their order.
func writeArchive(ctx context.Context, w io.Writer, files []file, at stamp) error {
	members := make([]placed, len(files))
	for i := range files {
		members[i] = placed{path: files[i].path, size: files[i].size, crc: files[i].crc}
	}
	directory := place(members)
	for i := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := w.Write(members[i].local(at)); err != nil {
			return err
		}
		if err := files[i].copyTo(w); err != nil {
			return fmt.Errorf("write %s: %w", files[i].path, err)
		}
	}
	var size int64
	for i := range members {
		n, err := w.Write(members[i].central(at))
		if err != nil {
			return err
		}
		size += int64(n)
	}
	_, err := w.Write(closing(len(members), size, directory))
	return err
}

var errChanged = errors.New("it changed while it was read")

func (f *file) copyTo(w io.Writer) error {
	from, err := f.open()
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(w, sum), from)
	if err = errors.Join(err, from.Close()); err == nil && [sha256.Size]byte(sum.Sum(nil)) != f.sum {
		err = errChanged
	}
	return err
}
