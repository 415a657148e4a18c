package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/identity"
)

const accountUsage = `usage: sansuiji account list|add|password|authenticator|role|remove [--data FOLDER | --database URL]
                        [--login NAME] [--name NAME] [--role ROLE]

roles: admin, organiser, reviewer, leader, auditor
"password" prints a new one, "authenticator" takes a lost one away. Also while the server runs.
`

// runAccount lets people in at headquarters, also while a server works.
func runAccount(args []string, stdout, stderr io.Writer) int {
	var verb string
	if len(args) > 0 {
		verb = args[0]
	}
	if _, known := accountNeeds()[verb]; !known {
		return tellVerbs(args, accountUsage, stdout, stderr)
	}
	f := flag.NewFlagSet("sansuiji account "+verb, flag.ContinueOnError)
	f.SetOutput(stderr)
	data := f.String("data", "data", "`folder` of the database")
	database := f.String("database", "", databaseUsage)
	var a identity.NewAccount
	f.StringVar(&a.Login, "login", "", "`name` to sign in with, in small letters")
	f.StringVar(&a.Name, "name", "", "the person's `name`")
	f.Func("role", "`role`: admin, organiser, reviewer, leader or auditor", func(text string) error {
		a.Role = identity.Role(text)
		if a.Role == identity.Unit || !slices.Contains(identity.Roles(), a.Role) {
			return errors.New("want admin, organiser, reviewer, leader or auditor; " +
				"people of a unit are let in on the console's page of people")
		}
		return nil
	})
	f.String("lang", "zh", "language of messages: zh or en")
	if code, ok := readArguments(f, args[1:], 0, accountUsage, stdout); !ok {
		return code
	}
	if wrong := wrongAccount(verb, &a); wrong != "" {
		fmt.Fprintf(stderr, "sansuiji account %s: %s\n%s", verb, wrong, accountUsage)
		return exitUsage
	}
	err := withAccounts(*database, *data, func(ctx context.Context, s *identity.Service, log *audit.Log) error {
		if err := doAccount(ctx, s, verb, a, stdout); err != nil || accountKinds()[verb] == "" {
			return err
		}
		return log.Note(ctx, audit.Note{
			Actor: operatorActor, Kind: accountKinds()[verb], Subject: "/accounts/" + a.Login, Detail: string(a.Role),
		})
	})
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji account:", wordsIn(langOf(args)).explain(err))
		return 1
	}
	return 0
}

// accountNeeds are the verbs, with what each must be told.
func accountNeeds() map[string][]string {
	return map[string][]string{
		"list": nil, "add": {"login", "name", "role"}, "password": {"login"},
		"authenticator": {"login"}, "role": {"login", "role"}, "remove": {"login"},
	}
}

// operatorActor stands in the audit log for who works on the server itself; no login is
// called so.
const operatorActor = "@server"

// accountKinds are the kinds of lines in the audit log that the verbs leave, as the same
// change at the console does.
func accountKinds() map[string]string {
	return map[string]string{
		"add": "add-account", "password": "reset-password", "authenticator": "reset-authenticator",
		"role": "change-role", "remove": "remove-account",
	}
}

// wrongAccount says what the call of a verb lacks.
func wrongAccount(verb string, a *identity.NewAccount) string {
	given := map[string]string{"login": a.Login, "name": a.Name, "role": string(a.Role)}
	for _, name := range accountNeeds()[verb] {
		if given[name] == "" {
			return "--" + name + " is missing"
		}
	}
	return ""
}

// withAccounts opens a database for its accounts.
func withAccounts(
	url, data string, do func(context.Context, *identity.Service, *audit.Log) error,
) (err error) {
	ctx := context.Background()
	kept, err := openKept(ctx, schema.NewCatalogue(), url, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	return do(ctx, identity.New(kept, nil, time.Now, nil), &audit.Log{Store: kept, Now: time.Now})
}

func doAccount(ctx context.Context, s *identity.Service, verb string, a identity.NewAccount, stdout io.Writer) error {
	switch verb {
	case "list":
		list, err := s.Accounts(ctx)
		for _, one := range list {
			fmt.Fprintf(stdout, "%-20s %-10s %s\n", one.Login, one.Role, one.Name)
		}
		return err
	case "add":
		return showPassword(stdout, func() (string, error) { return s.AddAccount(ctx, a, "") })
	case "password":
		return showPassword(stdout, func() (string, error) { return s.ResetPassword(ctx, a.Login) })
	case "authenticator":
		return s.ResetAuthenticator(ctx, a.Login)
	case "role":
		return s.ChangeRole(ctx, a.Login, a.Role)
	case "remove":
		return s.RemoveAccount(ctx, a.Login)
	}
	return nil
}

// showPassword prints a password that was made.
func showPassword(stdout io.Writer, make func() (string, error)) error {
	password, err := make()
	if err == nil {
		fmt.Fprintln(stdout, password)
	}
	return err
}
