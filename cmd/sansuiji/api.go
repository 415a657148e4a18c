package main

import (
	"sansuiji/mobileapi"
	"sansuiji/server/hqapi"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/danielgtaylor/huma/v2/formats/cbor"
	"github.com/labstack/echo/v4"
)

// version is the program's, set by the linker.
var version = "0.1.0"

// newAPI mounts the devices' and headquarters' operations on a router. Without
// one, it only describes them.
func newAPI(router *echo.Echo, services *services) huma.API {
	if router == nil {
		router = echo.New()
	}
	if services == nil {
		services = describedServices()
	}
	config := huma.DefaultConfig("Sansuiji 三隨機", version)
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil
	config.AllowAdditionalPropertiesByDefault = true // clients may be newer
	config.Formats["application/cbor"] = cbor.DefaultCBORFormat
	config.Formats["cbor"] = cbor.DefaultCBORFormat
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"device":  {Type: "http", Scheme: "bearer", Description: "Access token from /api/v1/token"},
		"session": {Type: "apiKey", In: "cookie", Name: "sansuiji_session"},
	}
	api := humaecho.New(router, config)
	mobileapi.Register(api, services.mobile)
	hqapi.Register(api, services.hq)
	return api
}

// services are the parts the operations call.
type services struct {
	mobile mobileapi.Server
	hq     hqapi.Server
}

// describedServices are enough to describe the operations, not to call them.
func describedServices() *services { return &services{} }
