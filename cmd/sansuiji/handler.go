package main

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strings"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/web"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/formats/cbor"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// compressMin is the size from which answers are compressed, in bytes.
const compressMin = 1024

// newHandler is all that the program answers over HTTP: the operations, and the
// two apps' files.
func newHandler(router *echo.Echo, faults *faultDocument, s settings) (http.Handler, error) {
	dist, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return nil, err
	}
	router.HideBanner = true
	router.HTTPErrorHandler = faults.answer
	router.Use(middleware.GzipWithConfig(middleware.GzipConfig{MinLength: compressMin, Skipper: isPacked}), unpack)
	files := &appFiles{dist}
	router.GET("/*", files.serve)
	router.HEAD("/*", files.serve)
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		faults.log.Warn("a request from another site was refused; if people came through the proxy, it must pass Host and Origin on",
			"host", clip(r.Host), "origin", clip(r.Header.Get("Origin")))
		faults.write(w, r, schema.FaultCrossSite)
	}))
	guarded := protection.Handler(router)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header(), s.behindTLS)
		if !s.behindProxy {
			host, _, _ := net.SplitHostPort(r.RemoteAddr)
			r.Header.Set("X-Real-IP", host)
		}
		if strings.HasPrefix(r.URL.Path, "/api/hq/") {
			guarded.ServeHTTP(w, r)
			return
		}
		router.ServeHTTP(w, r)
	}), nil
}

// isPacked tells requests for what is compressed already: a map's bytes, which are asked
// for by ranges, and documents with their photos.
func isPacked(c echo.Context) bool {
	asked := c.Request().URL.Path
	return strings.HasPrefix(asked, mobileapi.MapPath) ||
		strings.HasPrefix(asked, "/api/hq/") &&
			(strings.Contains(asked, "/reports/") && strings.HasSuffix(asked, "/file") || strings.HasSuffix(asked, "/report.xlsx"))
}

// secure sets the headers of every answer. wasm-unsafe-eval lets the phone's
// SQLite run; inline styles are how the component libraries place pop-ups.
func secure(h http.Header, tls bool) {
	h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "+
		"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; object-src 'none'; "+
		"base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self)")
	if tls {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// unpack opens gzip bodies. How much comes out is limited where bodies are read.
func unpack(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		switch r.Header.Get("Content-Encoding") {
		case "":
			r.Body = &received{r.Body, r.Body}
			return next(c)
		case "gzip":
		default:
			return schema.NewFault(schema.FaultUnsupportedMedia, "content encoding: only gzip")
		}
		body, err := gzip.NewReader(r.Body)
		if err != nil {
			return schema.NewFault(schema.FaultBadRequest, "the body is not gzip")
		}
		r.Body = &received{body, r.Body}
		r.Header.Del("Content-Encoding")
		r.ContentLength = -1
		return next(c)
	}
}

// received is a body. That it ends early or is damaged is no failure of ours.
type received struct {
	io.Reader
	io.Closer
}

func (r *received) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &schema.FaultError{Code: schema.FaultBadRequest, Detail: "read the body", Err: err}
	}
	return n, err
}

// answer turns what the router could not route into a problem document.
func (d *faultDocument) answer(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	code := schema.FaultCode(err)
	var routing *echo.HTTPError
	if code == "" && errors.As(err, &routing) {
		code = codeOfStatus(routing.Code)
	}
	if code == "" {
		d.failed(err, "path", c.Request().URL.Path)
		code = schema.FaultInternal
	}
	if code == schema.FaultNotFound && wantsPage(c.Request()) {
		d.noPage(c.Response(), c.Request())
		return
	}
	d.write(c.Response(), c.Request(), code)
}

func (d *faultDocument) write(w http.ResponseWriter, r *http.Request, code string) {
	doc := d.document(r.Header.Get("Accept-Language"), code, "", 0)
	asked, format := r.Header.Get("Accept"), huma.DefaultJSONFormat
	if strings.Contains(asked, "cbor") {
		format = cbor.DefaultCBORFormat
	}
	w.Header().Set("Content-Type", doc.ContentType(asked))
	w.WriteHeader(doc.Status)
	if err := format.Marshal(w, doc); err != nil {
		d.log.Info("answer not sent", "error", err)
	}
}

// verifierFile is the verifier of draws as one file: it is kept and opened without a
// server, so that nobody has to trust this one.
const verifierFile = "verify.html"

// appFiles are the built apps: field at /, headquarters at /hq/, voters' at /vote, and the
// verifier.
type appFiles struct{ dist fs.FS }

func (f *appFiles) serve(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean("/"+c.Request().URL.Path), "/")
	if name == verifierFile {
		c.Response().Header().Set("Content-Disposition", `attachment; filename="`+verifierFile+`"`)
		return f.file(c, "verify", "index.html")
	}
	app, file := "field", name
	for _, beside := range []string{"hq", "vote"} {
		if name == beside || strings.HasPrefix(name, beside+"/") {
			app, file = beside, strings.TrimPrefix(strings.TrimPrefix(name, beside), "/")
		}
	}
	if file == "" {
		return f.file(c, app, "index.html") // the app finds its own way behind the #
	}
	if info, err := fs.Stat(f.dist, path.Join(app, file)); err != nil || info.IsDir() {
		return schema.NewFault(schema.FaultNotFound, name)
	}
	return f.file(c, app, file)
}

func (f *appFiles) file(c echo.Context, app, file string) error {
	b, err := fs.ReadFile(f.dist, path.Join(app, file))
	if errors.Is(err, fs.ErrNotExist) {
		return c.String(http.StatusNotFound, "The web apps are not built: run `make web` and build again.\n")
	}
	if err != nil {
		return err
	}
	// Built files carry a hash in their name; the entry points do not.
	cache := "no-cache"
	if strings.HasPrefix(file, "assets/") {
		cache = "public, max-age=31536000, immutable"
	}
	c.Response().Header().Set("Cache-Control", cache)
	return c.Blob(http.StatusOK, contentType(file), b)
}

// contentType of a built file: the machine's own list may lack some.
func contentType(file string) string {
	switch path.Ext(file) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".wasm":
		return "application/wasm"
	case ".json", ".webmanifest":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	default:
		return "application/octet-stream"
	}
}
