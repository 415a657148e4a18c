package mobileapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Enroller turns a one-time code into an enrolled device.
type Enroller interface {
	// Enrol is idempotent: the same code, device and key give the same answer.
	// from is where the request came from.
	Enrol(ctx context.Context, request EnrolRequest, from string) (Enrolment, error)
}

// EnrolRequest is a new device that shows its code and its key.
type EnrolRequest struct {
	Code      string `json:"code" maxLength:"64" doc:"One-time code from headquarters; case and dashes do not matter"`
	DeviceID  string `json:"device_id" format:"uuid" doc:"UUIDv7 minted by the device"`
	Name      string `json:"name" maxLength:"100" doc:"What the device calls itself"`
	PublicKey Octets `json:"public_key" doc:"SubjectPublicKeyInfo, DER; ECDSA P-256 or Ed25519"`
	Signature Octets `json:"signature" doc:"By that key over \"sansuiji/enrol/1\\n\", the code's bytes as sent, the device id's 16 bytes and the public key's bytes"`
}

// Enrolment is what a device learns when it is enrolled.
type Enrolment struct {
	CampaignID    string `json:"campaign_id" format:"uuid"`
	CampaignName  string `json:"campaign_name"`
	DeviceID      string `json:"device_id" format:"uuid"`
	InspectorID   string `json:"inspector_id" format:"uuid"`
	InspectorName string `json:"inspector_name"`
	TeamName      string `json:"team_name"`
	Epoch         string `json:"epoch" format:"uuid"`
	Clock         string `json:"clock" pattern:"^[0-9]+$" doc:"Headquarters' hybrid time, a decimal number of 64 bits"`
	ServerTime    int64  `json:"server_time" doc:"Unix milliseconds"`
	SchemaVersion int    `json:"schema_version" doc:"Newest schema version the server knows"`
	HQKey         Octets `json:"hq_key" doc:"Headquarters' key, which signs its checkpoints: SubjectPublicKeyInfo, DER; Ed25519. Kept for the device's life"`
}

type enrolInput struct {
	From string `header:"X-Real-IP" hidden:"true"`
	Body EnrolRequest
}

type enrolOutput struct {
	Body Enrolment
}

func registerEnrol(api huma.API, enroller Enroller) {
	op := operation(http.MethodPost, "/api/v1/enrol", "enrol", "Enrol a device with a one-time code")
	huma.Register(api, op, func(ctx context.Context, in *enrolInput) (*enrolOutput, error) {
		enrolment, err := enroller.Enrol(ctx, in.Body, in.From)
		return &enrolOutput{enrolment}, err
	})
}
