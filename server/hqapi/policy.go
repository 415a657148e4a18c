package hqapi

import (
	"fmt"
	"net/http"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

// Groups of roles that policies name.
var (
	anybody    = identity.Roles()  // responsible units too
	everybody  = identity.Office() // at headquarters
	admins     = []identity.Role{identity.Admin}
	organisers = []identity.Role{identity.Admin, identity.Organiser}
	reviewers  = []identity.Role{identity.Admin, identity.Reviewer}
	auditors   = []identity.Role{identity.Admin, identity.Auditor}
	// people who may see who was interviewed
	trusted = []identity.Role{identity.Admin, identity.Organiser, identity.Reviewer, identity.Auditor}
	// people who work on the ledger at headquarters, and responsible units with them
	ledgerOffice = []identity.Role{identity.Admin, identity.Organiser, identity.Reviewer}
	ledgerHands  = []identity.Role{identity.Admin, identity.Organiser, identity.Reviewer, identity.Unit}
	// people who give marks, or enter those of others
	markers = []identity.Role{identity.Admin, identity.Organiser, identity.Reviewer, identity.Leader}
	// people who may hold a secret of a draw: some must be from outside
	holders = []identity.Role{identity.Admin, identity.Organiser, identity.Auditor}
)

// policies say who may ask for what, by the operation's id. What has none is not
// served: the program does not start.
func policies() map[string][]identity.Role {
	return map[string][]identity.Role{
		"me": anybody, "change-password": anybody, "own-sessions": anybody, "end-own-session": anybody,
		"begin-authenticator": anybody, "confirm-authenticator": anybody, "remove-authenticator": anybody,

		"campaigns": everybody, "overview": everybody, "inspectors": everybody, "newEnrolment": organisers,
		"enrolment-sheet": organisers, "revoke-device": organisers, "wipe-device": organisers,
		"accounts": admins, "add-account": admins, "units-without-account": admins, "add-unit-accounts": admins,
		"reset-password": admins, "change-role": admins, "remove-account": admins,
		"reset-authenticator": admins, "all-sessions": admins, "end-session": admins,

		"add-campaign": admins, "set-seal-key": admins, "change-campaign": organisers, "setup": everybody, "find-units": everybody,
		"questions": everybody, "add-question": organisers, "change-question": organisers,
		"withdraw-question": organisers, "order-questions": organisers,
		"teams": everybody, "add-inspector": organisers, "place-inspector": organisers,
		"preview-import": organisers, "import": organisers, "import-progress": organisers, "import-template.csv": organisers,
		"import-bundle": organisers,

		"findings": everybody, "finding": everybody, "review": reviewers,
		"review-many": reviewers, "comment": reviewers, "withdraw-comment": reviewers,
		"dashboard": everybody, "unit-map": everybody, "unit-lists": everybody, "events": everybody,
		"conclusions": everybody, "conclude": reviewers, "reword-conclusion": reviewers,
		"withdraw-conclusion": reviewers, "gather-findings": reviewers,
		"filters": everybody, "save-filter": everybody, "drop-filter": everybody,
		"conflicts": everybody, "resolve": reviewers, "reopen-conflict": reviewers, "keep-latest": reviewers,
		"quarantine": everybody, "release-entry": reviewers, "set-entry-aside": reviewers,
		"report": everybody, "reports": everybody, "start-report": everybody, "cancel-report": everybody,
		"templates": everybody, "template-file": everybody, "standard-template": everybody, "template-places": everybody,
		"put-template": organisers, "withdraw-template": organisers,
		"report-file": everybody, "visits": everybody, "visit": everybody,
		"attachments": everybody, "attachments-alike": everybody, "photo": everybody, "photo-small": everybody,

		"draws": everybody, "draw": everybody, "draw-log": everybody, "draw-chances": everybody,
		"draw-certificate.json": everybody, "draw-frame.csv": everybody, "draw-weights.csv": everybody,
		"preview-draw": organisers, "plan-draw": organisers, "publish-draw": organisers, "throw-draw": organisers,
		"commit-draw": holders, "reveal-draw": holders, "run-draw": organisers, "void-draw": organisers,
		"unseal-draw": organisers, "replace-draw": organisers,

		"own-tokens": everybody, "make-token": everybody, "revoke-token": everybody,
		"audit": auditors, "audit.csv": auditors, "verify-audit": auditors, "verify-history": everybody,
		"webhooks": organisers, "add-webhook": admins, "disable-webhook": admins,
		"sealed": trusted, "ask-unsealing": trusted, "decide-unsealing": trusted, "sealed-interview": trusted,

		"ledger": anybody, "ledger-entry": anybody, "ledger-act": ledgerHands, "add-evidence": ledgerHands,
		"evidence": anybody, "evidence-small": anybody,
		"ledger-candidates": everybody, "ledger-units": everybody, "ledger-reminders": everybody,
		"add-ledger-entry": ledgerOffice, "change-ledger-entry": ledgerOffice, "set-ledger-steps": ledgerOffice, "ledger-acts": ledgerOffice,
		"criteria": everybody, "put-criterion": organisers, "withdraw-criterion": organisers,
		"marks": markers, "give-marks": markers, "scores": everybody, "unit-scores": everybody,
		"ballot-boxes": everybody, "open-ballot-box": organisers, "reissue-tickets": organisers, "close-ballot-box": organisers,

		"sites": trusted, "site": trusted, "site-record.json": trusted, "site-roster.csv": trusted,
		"tell-unlock-code": organisers, "print-envelopes": organisers, "give-rosters": organisers,
	}
}

// operationsOf lists what a role may ask for, so that people are offered nothing else.
func operationsOf(role identity.Role) (list []string) {
	for id, roles := range policies() {
		if slices.Contains(roles, role) {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// guard refuses what a person's role may not ask for, or a program's token.
func guard(api huma.API) func(huma.Context, func(huma.Context)) {
	allowed := policies()
	return func(ctx huma.Context, next func(huma.Context)) {
		who, id := callerOf(ctx.Context()), ctx.Operation().OperationID
		err := checkScope(who.token, ctx.Operation())
		if err == nil && !slices.Contains(allowed[id], who.Role) {
			err = schema.NewFault(schema.FaultForbidden, id)
		}
		if err != nil {
			_ = huma.WriteErr(api, ctx, http.StatusForbidden, "", err) // it reports its own failure
			return
		}
		next(ctx)
	}
}

// checkPolicies wants one for each operation that needs a session, and none for others.
func checkPolicies(api huma.API) error {
	left := policies()
	for _, path := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op == nil || !slices.Contains(op.Tags, tag) || len(op.Security) == 0 || op.OperationID == "logout" {
				continue
			}
			if left[op.OperationID] == nil {
				return fmt.Errorf("hqapi: operation %s has no policy", op.OperationID)
			}
			delete(left, op.OperationID)
		}
	}
	for id := range left {
		return fmt.Errorf("hqapi: a policy for %s, which is no operation", id)
	}
	return nil
}
