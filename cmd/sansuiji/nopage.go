package main

import (
	"html/template"
	"net/http"
	"strings"

	"sansuiji/schema"
)

// wantsPage tells people who came to an address from programs that ask.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(r.URL.Path, "/api/")
}

// noPage tells a person that there is nothing at an address, and where the apps are.
func (d *faultDocument) noPage(w http.ResponseWriter, r *http.Request) {
	words := struct{ Lang, Title, Advice, Field, HQ string }{
		"zh-Hant", "這個網址沒有頁面", "請核對網址，或從下面進入。手機上已保存的記錄不受影響。", "現場核查", "總部",
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
		words = struct{ Lang, Title, Advice, Field, HQ string }{
			"en", "There is no page at this address",
			"Check the address, or go on from here. What is saved on this phone is not affected.", "Field app", "Headquarters",
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept, Accept-Language")
	w.WriteHeader(d.faults[schema.FaultNotFound].Status)
	if err := template.Must(template.New("").Parse(noPageText)).Execute(w, words); err != nil {
		d.log.Info("answer not sent", "error", err)
	}
}

// noPageText needs no file of either app.
const noPageText = `<!doctype html>
<html lang="{{.Lang}}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} · 三隨機</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 1.0625rem/1.6 system-ui, "Noto Sans TC", "Noto Sans CJK TC", sans-serif; max-width: 32rem; margin: 18vh auto 0; padding: 0 1.25rem; }
  h1 { font-size: 1.375rem; margin: 0 0 .5rem; }
  a { display: inline-block; min-height: 44px; line-height: 44px; margin-inline-end: 1.5rem; color: #8f1d21; }
  @media (prefers-color-scheme: dark) { body { background: #16181c; color: #e8e8ea; } a { color: #ff9d94; } }
</style>
<main>
  <h1>{{.Title}}</h1>
  <p>{{.Advice}}</p>
  <p><a href="/">{{.Field}}</a><a href="/hq/">{{.HQ}}</a></p>
</main>
</html>
`
