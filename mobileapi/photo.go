package mobileapi

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"sansuiji/schema"

	"github.com/danielgtaylor/huma/v2"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	tuslog "golang.org/x/exp/slog"
)

// Photos keeps the bytes of attachments.
type Photos interface {
	// Incoming is the folder of uploads that are under way.
	Incoming() string
	// Promised is the size that a row promises of some bytes, and whether they are there.
	Promised(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash) (size int64, there bool, err error)
	// Settle is Promised, after what an upload left behind was used.
	Settle(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash, file string) (size int64, there bool, err error)
	// Missing lists those of some bytes that are not there.
	Missing(ctx context.Context, campaign schema.CampaignID, hashes []schema.BlobHash) ([]schema.BlobHash, error)
	// Take keeps a file that was uploaded, if its bytes are those that it is named by.
	Take(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash, file string) error
}

// MissingMax is how many hashes one request may ask for.
const MissingMax = 1000

type missingInput struct {
	Body struct {
		Hashes []string `json:"hashes" maxItems:"1000" doc:"SHA-256 in hexadecimal"`
	}
}

type missingOutput struct {
	Body struct {
		Missing []string `json:"missing" doc:"Those whose bytes are not there"`
	}
}

func registerPhotos(api huma.API, photos Photos) {
	op := operation(http.MethodPost, "/api/v1/photos/missing", "missing-photos",
		"Which attachments' bytes headquarters does not have")
	op.Security = bearer
	huma.Register(api, op, func(ctx context.Context, in *missingInput) (*missingOutput, error) {
		hashes := make([]schema.BlobHash, len(in.Body.Hashes))
		for i, text := range in.Body.Hashes {
			var err error
			if hashes[i], err = schema.ParseBlobHash(text); err != nil {
				return nil, schema.NewFault(schema.FaultBadRequest, err.Error())
			}
		}
		missing, err := photos.Missing(ctx, callerOf(ctx).Campaign, hashes)
		out := &missingOutput{}
		out.Body.Missing = make([]string, len(missing))
		for i, hash := range missing {
			out.Body.Missing[i] = hash.String()
		}
		return out, err
	})
}

// UploadPath is where uploads are, each under its campaign and hash: so a phone that
// lost its memory, or another one with the same picture, goes on where the upload stands.
const UploadPath = "/api/v1/photos/upload/"

// uploads takes attachments' bytes by the tus protocol 1.0.0, the creation extension
// included: what breaks off goes on later.
type uploads struct {
	photos  Photos
	tokens  Tokens
	problem Problem
	tus     *handler.UnroutedHandler
}

// Problem makes the problem document of an error, in JSON, in the language of a header
// Accept-Language.
type Problem func(language string, err error) (status int, body []byte)

const problemType = "application/problem+json"

// NewUploads makes the handler of uploads.
func NewUploads(photos Photos, tokens Tokens, log *slog.Logger, problem Problem) (http.Handler, error) {
	u := &uploads{photos: photos, tokens: tokens, problem: problem}
	composer := handler.NewStoreComposer()
	composer.UseCore(filestore.New(photos.Incoming()))
	composer.UseLocker(memorylocker.New())
	var err error
	u.tus, err = handler.NewUnroutedHandler(handler.Config{
		StoreComposer: composer, BasePath: UploadPath, MaxSize: schema.BlobMax,
		DisableDownload: true, DisableTermination: true, Cors: &handler.CorsConfig{Disable: true},
		Logger:                    tuslog.New(quiet{log}),
		PreUploadCreateCallback:   u.begin,
		PreFinishResponseCallback: u.finish,
	})
	return u, err
}

// uploadID is a campaign and a hash, in hexadecimal.
var uploadID = regexp.MustCompile(`^([0-9a-f]{32})-([0-9a-f]{64})$`)

// idOfUpload is the name of an upload.
func idOfUpload(campaign schema.CampaignID, hash schema.BlobHash) string {
	return hex.EncodeToString(campaign[:]) + "-" + hash.String()
}

// answer answers a request with the problem document of an error.
func (p Problem) answer(w http.ResponseWriter, r *http.Request, err error) {
	status, body := p(r.Header.Get("Accept-Language"), err)
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // who is gone needs no answer
}

// bearerOf says whose the access token of a request is that is no operation of the API.
func bearerOf(tokens Tokens, w http.ResponseWriter, r *http.Request) (Caller, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	caller, err := tokens.Device(r.Context(), token)
	if err != nil {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	return caller, err
}

// fail answers with a problem document.
func (u *uploads) fail(w http.ResponseWriter, r *http.Request, err error) {
	u.problem.answer(w, r, err)
}

func (u *uploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	caller, err := bearerOf(u.tokens, w, r)
	if err != nil {
		u.fail(w, r, err)
		return
	}
	r = r.WithContext(context.WithValue(r.Context(), callerKey{}, caller))
	name := strings.TrimPrefix(r.URL.Path, UploadPath)
	if name != "" {
		parts := uploadID.FindStringSubmatch(name)
		if parts == nil || parts[1] != hex.EncodeToString(caller.Campaign[:]) {
			u.fail(w, r, schema.NewFault(schema.FaultNotFound, name))
			return
		}
	}
	http.StripPrefix(UploadPath, u.tus.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case name == "" && r.Method == http.MethodPost:
			u.tus.PostFile(w, r)
		case name != "" && r.Method == http.MethodHead:
			u.head(w, r, name)
		case name != "" && r.Method == http.MethodPatch:
			u.tus.PatchFile(w, r)
		default:
			u.fail(w, r, schema.NewFault(schema.FaultMethod, r.Method))
		}
	}))).ServeHTTP(w, r)
}

// head says how far an upload is. One whose bytes are there is complete, whether or not
// anybody was told so.
func (u *uploads) head(w http.ResponseWriter, r *http.Request, name string) {
	hash, err := schema.ParseBlobHash(uploadID.FindStringSubmatch(name)[2])
	if err != nil {
		u.fail(w, r, schema.NewFault(schema.FaultNotFound, name))
		return
	}
	file := filepath.Join(u.photos.Incoming(), name)
	size, there, err := u.photos.Settle(r.Context(), callerOf(r.Context()).Campaign, hash, file)
	switch {
	case err != nil && schema.FaultCode(err) != schema.FaultBlobHash:
		u.fail(w, r, err)
	case there:
		_, _ = os.Remove(file), os.Remove(file+".info") // if anything is left of it
		w.Header().Set("Upload-Offset", strconv.FormatInt(size, 10))
		w.Header().Set("Upload-Length", strconv.FormatInt(size, 10))
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusOK)
	default:
		u.tus.HeadFile(w, r)
	}
}

// begin lets an upload begin if a row promises it.
func (u *uploads) begin(hook handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	caller := callerOf(hook.Context)
	hash, err := schema.ParseBlobHash(hook.Upload.MetaData["sha256"])
	if err != nil {
		return handler.HTTPResponse{}, handler.FileInfoChanges{}, u.refused(&hook, schema.NewFault(schema.FaultBadRequest, err.Error()))
	}
	size, _, err := u.photos.Promised(hook.Context, caller.Campaign, hash)
	if err == nil && (size != hook.Upload.Size || hook.Upload.SizeIsDeferred) {
		err = schema.NewFault(schema.FaultBlobSize, hash.String())
	}
	return handler.HTTPResponse{}, handler.FileInfoChanges{ID: idOfUpload(caller.Campaign, hash)}, u.refused(&hook, err)
}

// finish keeps what has arrived.
func (u *uploads) finish(hook handler.HookEvent) (handler.HTTPResponse, error) {
	parts := uploadID.FindStringSubmatch(hook.Upload.ID)
	hash, err := schema.ParseBlobHash(parts[2])
	if err != nil {
		return handler.HTTPResponse{}, u.refused(&hook, err)
	}
	file := filepath.Join(u.photos.Incoming(), hook.Upload.ID)
	err = u.photos.Take(hook.Context, callerOf(hook.Context).Campaign, hash, file)
	if err == nil || schema.FaultCode(err) == schema.FaultBlobHash {
		err = errors.Join(err, os.Remove(file+".info")) // so that a damaged one begins anew
	}
	return handler.HTTPResponse{}, u.refused(&hook, err)
}

// refused makes the tus handler answer with a problem document.
func (u *uploads) refused(hook *handler.HookEvent, err error) error {
	if err == nil {
		return nil
	}
	status, body := u.problem(hook.HTTPRequest.Header.Get("Accept-Language"), err)
	e := handler.NewError(schema.FaultCode(err), err.Error(), status)
	e.HTTPResponse.Header = handler.HTTPHeader{"Content-Type": problemType}
	e.HTTPResponse.Body = string(body)
	return e
}
