package evidence

import (
	"bytes"
	"context"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// drawFiles are the members that a draw's long values are.
type drawFiles struct{ certificate, frame string }

// drawLogPath has all certificates up to the first that is not open.
const drawLogPath = "draws/log.jsonl"

// takeDraws adds the certificates and frames of the draws in the file, and the log that
// verifying them wants.
func (g *gathering) takeDraws(ctx context.Context) error {
	list := g.rows.of("draw")
	for _, r := range list {
		folder := fmt.Sprintf("draws/%d/", r.cell("seq").Int64())
		files := drawFiles{certificate: folder + "certificate.json", frame: folder + "frame.csv"}
		frame := r.cell("frame").Bytes
		if bytes.HasPrefix(bytes.TrimSpace(frame), []byte("{")) {
			files.frame = folder + "frame.jsonl"
		}
		g.content.add(files.certificate, r.cell("ceremony").Bytes)
		g.content.add(files.frame, frame)
		g.draws[r.id] = files
	}
	if len(list) == 0 {
		return nil
	}
	log, err := g.drawLog(ctx)
	g.content.add(drawLogPath, log)
	return err
}

// drawLog ends before a draw that is sealed or not over.
func (g *gathering) drawLog(ctx context.Context) (log []byte, err error) {
	type line struct {
		open bool
		text []byte
	}
	list, err := store.List(ctx, g.view, func(row store.Scanner) (l line, err error) {
		var state string
		var sealed int64
		err = row.Scan(&state, &sealed, &l.text)
		l.open = sealed == 0 && (state == schema.DrawDone || state == schema.DrawVoid)
		return l, err
	}, `SELECT state, sealed, ceremony FROM draw WHERE campaign_no = $1 ORDER BY seq, id`, g.view.CampaignNo)
	for _, l := range list {
		if !l.open {
			break
		}
		log = append(append(log, l.text...), '\n')
	}
	return log, err
}

// fileOf is the member that a value's bytes are, or "".
func (g *gathering) fileOf(r *row, column string) string {
	if r.table.Name != "draw" {
		return ""
	}
	switch column {
	case "ceremony":
		return g.draws[r.id].certificate
	case "frame":
		return g.draws[r.id].frame
	}
	return ""
}
