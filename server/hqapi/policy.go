package hqapi

import (
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

// Groups of roles that policies name.
var (
	everybody  = identity.Roles()
	admins     = []identity.Role{identity.Admin}
	organisers = []identity.Role{identity.Admin, identity.Organiser}
	reviewers  = []identity.Role{identity.Admin, identity.Reviewer}
	// people who may see who was interviewed
	trusted = []identity.Role{identity.Admin, identity.Organiser, identity.Reviewer, identity.Auditor}
	// people who may hold a secret of a draw: some must be from outside
	holders = []identity.Role{identity.Admin, identity.Organiser, identity.Auditor}
)

// policies say who may ask for what, by the operation's id. What has none is not
// served: the program does not start.
func policies() map[string][]identity.Role {
	return map[string][]identity.Role{
		"me": everybody,

		"campaigns": everybody, "overview": everybody, "inspectors": everybody, "newEnrolment": organisers,
		"accounts": admins, "add-account": admins, "reset-password": admins, "change-role": admins, "remove-account": admins,

		"add-campaign": admins, "set-seal-key": admins,
		"preview-import": organisers, "import": organisers, "import-template.csv": organisers,

		"findings": everybody, "finding": everybody, "review": reviewers,
		"conflicts": everybody, "resolve": reviewers, "quarantine": everybody,
		"report": everybody, "visits": everybody, "visit": everybody,
		"attachments": everybody, "attachments-alike": everybody, "photo": everybody, "photo-small": everybody,

		"draws": everybody, "draw": everybody, "draw-log": everybody, "draw-chances": everybody,
		"draw-certificate.json": everybody, "draw-frame.csv": everybody, "draw-weights.csv": everybody,
		"preview-draw": organisers, "plan-draw": organisers, "publish-draw": organisers, "throw-draw": organisers,
		"commit-draw": holders, "reveal-draw": holders, "run-draw": organisers, "void-draw": organisers,
		"unseal-draw": organisers, "replace-draw": organisers,

		"sites": trusted, "site": trusted, "site-record.json": trusted, "site-roster.csv": trusted,
		"tell-unlock-code": organisers, "print-envelopes": organisers, "give-rosters": organisers,
	}
}

// guard refuses what a person's role may not ask for.
func guard(api huma.API) func(huma.Context, func(huma.Context)) {
	allowed := policies()
	return func(ctx huma.Context, next func(huma.Context)) {
		id := ctx.Operation().OperationID
		if role := accountOf(ctx.Context()).Role; !slices.Contains(allowed[id], role) {
			_ = huma.WriteErr(api, ctx, 403, "", schema.NewFault(schema.FaultForbidden, id)) // it reports its own failure
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
