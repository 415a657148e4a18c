package evidence

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"sansuiji/schema"
)

const photosPath = "photos.json"

// photo is an attachment that the report shows or counts, one to a line in photos.json.
type photo struct {
	Number     int          `json:"number,omitempty"` // in the report; none: it is a signature, or only counted
	Attachment schema.RowID `json:"attachment"`
	Table      string       `json:"table"` // of what it shows
	Subject    schema.RowID `json:"subject"`
	Hash       string       `json:"hash"`
	Who        string       `json:"who"`            // took it
	Path       string       `json:"path,omitempty"` // of the member with its bytes
	// Missing says why there is none: "phone" (it has not arrived, who took it has it
	// still) or "damaged" (headquarters' own file is not what it was).
	Missing string `json:"missing,omitempty"`

	hash schema.BlobHash
}

// ending is that of a member by what its bytes are.
func ending(mediaType string) string {
	switch mediaType {
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/webp":
		return ".webp"
	}
	return ".bin"
}

// takePhotos takes the attachments that the report shows.
func (g *gathering) takePhotos(ctx context.Context) error {
	for _, s := range g.made.Used.Shots {
		id, err := schema.ParseID[schema.RowID](s.Attachment)
		if err == nil {
			err = g.take(ctx, "attachment", id)
		}
		if err != nil {
			return err
		}
		r := g.rows.by[ref{"attachment", id}]
		if r == nil || len(r.cell("hash").Bytes) != len(schema.BlobHash{}) {
			continue
		}
		p := photo{
			Number: s.Number, Attachment: id, Who: s.Who, Table: string(r.cell("subject_table").Bytes),
			hash: schema.BlobHash(r.cell("hash").Bytes),
		}
		copy(p.Subject[:], r.cell("subject_id").Bytes)
		p.Hash = p.hash.String()
		if err := g.findBytes(ctx, &p); err != nil {
			return err
		}
		g.content.photos = append(g.content.photos, p)
	}
	return nil
}

// findBytes says where a photo's bytes will be, or that they are not there.
func (g *gathering) findBytes(ctx context.Context, p *photo) error {
	var mediaType string
	err := g.view.QueryRowContext(ctx, `SELECT media_type FROM blob WHERE campaign_no = $1 AND hash = $2`,
		g.view.CampaignNo, p.hash[:]).Scan(&mediaType)
	if errors.Is(err, sql.ErrNoRows) {
		p.Missing = "phone"
		return nil
	}
	p.Path = "photos/" + p.Hash + ending(mediaType)
	return err
}

// hashes are the photos whose bytes are there, each once, by path.
func (c *Content) hashes() map[string]schema.BlobHash {
	list := map[string]schema.BlobHash{}
	for i := range c.photos {
		if p := &c.photos[i]; p.Path != "" {
			list[p.Path] = p.hash
		}
	}
	return list
}

// lose notes that a photo's bytes are not what they are named by.
func (c *Content) lose(path string) {
	for i := range c.photos {
		if p := &c.photos[i]; p.Path == path {
			p.Path, p.Missing = "", "damaged"
		}
	}
}

func (c *Content) photoList() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\"photos\":[\n")
	for i := range c.photos {
		text, err := json.Marshal(&c.photos[i])
		if err != nil {
			return nil, fmt.Errorf("list photos: %w", err)
		}
		b.Write(text)
		if i < len(c.photos)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}
