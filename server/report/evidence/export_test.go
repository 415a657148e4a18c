package evidence

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
)

// Repack is a file as who has headquarters' key could make it: members as change wants them,
// and signed again. A nil body leaves a member out.
func Repack(b []byte, key crypto.Signer, change func(path string, body []byte) []byte) ([]byte, error) {
	v := &verifier{archive: archive{bytes.NewReader(b), int64(len(b))}}
	list, err := v.first(true)
	if err == nil {
		err = v.trust(list)
	}
	if err != nil {
		return nil, err
	}
	m := *v.manifest
	for i := range m.Members {
		list = append(list, placed{path: m.Members[i].Path, size: m.Members[i].Size})
	}
	place(list)
	m.Members = nil
	var files []file
	for i := range list[2:] {
		p := &list[2+i]
		body, err := v.read(p.data(), p.size)
		if err != nil {
			return nil, err
		}
		if body = change(p.path, body); body == nil {
			continue
		}
		f := inMemory(p.path, body)
		f.size, f.sum, f.crc = int64(len(body)), sha256.Sum256(body), crc32.ChecksumIEEE(body)
		files = append(files, f)
	}
	p := &Pack{Content: &Content{manifest: m}, Key: key}
	first, err := p.manifest(files)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = writeArchive(context.Background(), &out, append(first, files...), stampOf(m.At))
	return out.Bytes(), err
}

// Hex is a hash as members have it.
func Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
