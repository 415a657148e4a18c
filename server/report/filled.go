package report

import (
	"context"
	"errors"
	"fmt"
	"io"

	"sansuiji/schema"
	"sansuiji/server/report/mark"
	"sansuiji/server/report/official"
	"sansuiji/server/report/paper"
	"sansuiji/server/report/template"
	"sansuiji/server/store"
)

// Wording is the template that a document is made with; the zero one is the program's own.
type Wording struct {
	Template string `json:"template,omitempty" format:"uuid" doc:"The office's own wording: its id; for DOCX"`
	Version  int64  `json:"template_version,omitempty" minimum:"0" doc:"0: the newest that is in use"`
	// File is a template that is not kept.
	File *template.Template `json:"-"`
}

func (w *Wording) wanted() bool { return w.Template != "" || w.File != nil }

// check refuses a wording where there can be none.
func (w *Wording) check(kind, format string) error {
	if !w.wanted() {
		return nil
	}
	if format != DOCX || !isKind(official.Kinds(), kind) {
		return schema.NewFault(schema.FaultTemplate, "a template is for documents as DOCX")
	}
	if w.Template == "" {
		return nil
	}
	_, err := parseTemplate(w.Template)
	return err
}

// settle fixes the version, so that a job says which it is made with.
func (w *Wording) settle(ctx context.Context, v store.View, kind string) error {
	if w.Template == "" {
		return nil
	}
	t, _, err := w.open(ctx, v, kind)
	if err == nil && t.WithdrawnAt != nil {
		err = schema.NewFault(schema.FaultTemplate, fmt.Sprintf("version %d of %s was withdrawn", t.Version, t.Name))
	}
	w.Version = t.Version
	return err
}

// open reads the template.
func (w *Wording) open(ctx context.Context, v store.View, kind string) (t TemplateVersion, file []byte, err error) {
	id, err := parseTemplate(w.Template)
	if err != nil {
		return t, nil, err
	}
	if t, file, err = openTemplate(ctx, v, id, w.Version); err != nil {
		return t, nil, err
	}
	if t.Kind != kind {
		return t, nil, schema.NewFault(schema.FaultTemplate, t.Name+" is of another kind of document")
	}
	return t, file, nil
}

// filled makes a document of an office's template.
func (p *Printer) filled(
	ctx context.Context, campaign schema.CampaignID, order *Order, w io.Writer, progress Progress,
) (f File, err error) {
	own := order.File
	var words *official.Wording
	err = p.Store.Read(ctx, campaign, func(v store.View) error {
		if own == nil {
			_, file, err := order.open(ctx, v, order.Kind)
			if err != nil {
				return err
			}
			if own, err = template.Read(file); err != nil {
				return unusable(err)
			}
		}
		words, err = official.Words(ctx, v, p.Catalogue, &order.Request)
		return err
	})
	if err != nil {
		return f, fmt.Errorf("read words of campaign %s: %w", campaign, err)
	}
	f = File{Name: words.Name, Position: words.Position}
	stage := Stage{Position: words.Position}
	err = own.Fill(ctx, w, &template.Filling{
		Scope: words.Scope, Document: words.Document, Surveyed: func(pictures int) { stage.Total = pictures },
		Printing: paper.Printing{Pictures: pictures{p.Photos, campaign, &mark.Pen{}}, Progress: func(done int) error {
			stage.Done = done
			return progress(stage)
		}},
	})
	return f, unusable(err)
}

// unusable says of a template's mistakes that it cannot be used: one of an earlier program
// may name what is no longer there.
func unusable(err error) error {
	var wrong template.Mistakes
	if errors.As(err, &wrong) || errors.Is(err, template.ErrTooLong) {
		return &schema.FaultError{Code: schema.FaultTemplate, Err: err}
	}
	return err
}
