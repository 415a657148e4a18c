package hqapi

import (
	"bytes"
	"context"
	"encoding/csv"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

// Audit keeps what people did, and checks it.
type Audit interface {
	Note(ctx context.Context, n audit.Note) error
	Lines(ctx context.Context, f audit.LogFilter, before uint64, limit int) ([]audit.Line, error)
	Verify(ctx context.Context) (audit.LogReport, error)
	VerifyHistory(ctx context.Context, campaign schema.CampaignID) (audit.Verdict, error)
}

// notedReads are the operations that take something out without changing anything: they
// are noted before they answer, and do not answer if that fails.
var notedReads = []string{
	"report", "report-file", "site-record.json", "site-roster.csv", "draw-frame.csv", "sealed-interview", "audit.csv",
}

// watched notes what a person changes, or was refused.
func watched(log Audit) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		note := noteOf(ctx)
		next(ctx)
		refused := ctx.Status() == http.StatusForbidden
		if refused {
			note.Detail = audit.Refused
		} else if ctx.Method() == http.MethodGet || ctx.Status() >= http.StatusBadRequest {
			return
		}
		noteAfter(ctx, log, note)
	}
}

// takenOut notes what a person takes out, once it is known that they may, and then if
// there was nothing to be had.
func takenOut(api huma.API, log Audit) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if !slices.Contains(notedReads, ctx.Operation().OperationID) {
			next(ctx)
			return
		}
		note := noteOf(ctx)
		if err := log.Note(ctx.Context(), note); err != nil {
			_ = huma.WriteErr(api, ctx, http.StatusInternalServerError, "", err) // it reports its own failure
			return
		}
		next(ctx)
		if ctx.Status() >= http.StatusBadRequest && ctx.Status() != http.StatusForbidden {
			note.Detail = "not given: " + strconv.Itoa(ctx.Status())
			noteAfter(ctx, log, note)
		}
	}
}

// noteAfter notes what has happened already, also if its caller is gone.
func noteAfter(ctx huma.Context, log Audit, note audit.Note) {
	if err := log.Note(context.WithoutCancel(ctx.Context()), note); err != nil {
		slog.Error("write into the audit log", "operation", note.Kind, "error", err)
	}
}

func noteOf(ctx huma.Context) audit.Note {
	url := ctx.URL()
	subject, _ := strings.CutPrefix(url.Path, "/api/hq")
	if url.RawQuery != "" {
		subject += "?" + url.RawQuery
	}
	n := audit.Note{
		Actor: accountOf(ctx.Context()).Login, Kind: ctx.Operation().OperationID,
		Subject: subject, Address: ctx.Header("X-Real-IP"),
	}
	if token := tokenOf(ctx.Context()); token != nil {
		n.Program = audit.Program{ID: token.ID, Name: token.Name}
	}
	if id, err := schema.ParseID[schema.CampaignID](ctx.Param("campaign")); err == nil {
		n.Campaign = id
	}
	return n
}

// noteLogin notes that somebody signed in, or tried. What was refused for too many tries
// is not: it would let anybody fill the log.
func noteLogin(ctx context.Context, log Audit, in identity.SignIn, err error) error {
	n := audit.Note{Actor: strings.ToLower(strings.TrimSpace(in.Login)), Kind: audit.KindLogin, Detail: in.Agent, Address: in.From}
	switch fault := schema.FaultCode(err); {
	case err == nil:
		return log.Note(ctx, n)
	case fault == schema.FaultLogin || fault == schema.FaultCodeWrong:
		n.Kind = audit.KindRefused
		if failed := log.Note(ctx, n); failed != nil {
			return failed
		}
	}
	return err
}

type auditInput struct {
	audit.LogFilter
	Before uint64 `query:"before" doc:"Lines before this position; 0: the newest"`
}

type auditOutput struct {
	Body []audit.Line
}

type verifyLogOutput struct {
	Body audit.LogReport
}

type verifyHistoryOutput struct {
	Body audit.Verdict
}

// How many lines of the log one answer has.
const (
	auditPage   = 100
	auditExport = 200_000
)

func registerAudit(api huma.API, log Audit) {
	huma.Register(api, operation(http.MethodGet, "/audit", "audit", "What people did, newest first"),
		func(ctx context.Context, in *auditInput) (*auditOutput, error) {
			lines, err := log.Lines(ctx, in.LogFilter, in.Before, auditPage)
			return &auditOutput{lines}, err
		})
	huma.Register(api, operation(http.MethodGet, "/audit.csv", "audit.csv", "What people did, as a table"),
		func(ctx context.Context, in *auditInput) (*fileOutput, error) {
			lines, err := log.Lines(ctx, in.LogFilter, in.Before, auditExport)
			if err != nil {
				return nil, err
			}
			body, err := linesCSV(lines)
			return &fileOutput{"text/csv; charset=utf-8", `attachment; filename="audit.csv"`, body}, err
		})
	huma.Register(api, operation(http.MethodPost, "/audit/verify", "verify-audit", "Check the audit log"),
		func(ctx context.Context, _ *struct{}) (*verifyLogOutput, error) {
			report, err := log.Verify(ctx)
			return &verifyLogOutput{report}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/verify", "verify-history", "Check a campaign's history"),
		func(ctx context.Context, in *CampaignPath) (*verifyHistoryOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			verdict, err := log.VerifyHistory(ctx, id)
			return &verifyHistoryOutput{verdict}, err
		})
}

// linesCSV is a table that spreadsheets read: UTF-8 with a mark, no cell a formula.
func linesCSV(lines []audit.Line) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	records := [][]string{{"position", "time", "login", "name", "kind", "campaign", "subject", "detail", "program", "address", "hash"}}
	for i := range lines {
		l := &lines[i]
		program := ""
		if l.Program != nil {
			program = l.Program.Name
		}
		records = append(records, []string{
			strconv.FormatUint(l.Position, 10), time.UnixMilli(l.HappenedAt).UTC().Format(time.RFC3339), l.Actor, l.Name,
			l.Kind, l.Campaign, l.Subject, l.Detail, program, l.Address, l.Hash,
		})
	}
	for _, record := range records {
		for i, cell := range record {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
				record[i] = "'" + cell
			}
		}
	}
	err := w.WriteAll(records)
	return b.Bytes(), err
}
