package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"sansuiji/schema"
	"sansuiji/server/identity"
)

const accountUsage = `usage: sansuiji account list|add|password|authenticator|role|remove [--data FOLDER | --database URL]
                        [--login NAME] [--name NAME] [--role ROLE]

roles: admin, organiser, reviewer, leader, auditor
"authenticator" takes a lost one away.
`

// runAccount lets people in at headquarters, also while a server works.
func runAccount(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, accountUsage)
		return 2
	}
	f := flag.NewFlagSet("sansuiji account "+args[0], flag.ContinueOnError)
	f.SetOutput(stderr)
	data := f.String("data", "data", "`folder` of the database")
	database := f.String("database", "", databaseUsage)
	var a identity.NewAccount
	f.StringVar(&a.Login, "login", "", "`name` to sign in with, in small letters")
	f.StringVar(&a.Name, "name", "", "the person's `name`")
	f.Func("role", "`role`: admin, organiser, reviewer, leader or auditor", func(text string) error {
		a.Role = identity.Role(text)
		return nil
	})
	if err := f.Parse(args[1:]); err != nil {
		return 2
	}
	err := withAccounts(*database, *data, func(ctx context.Context, s *identity.Service) error {
		return doAccount(ctx, s, args[0], a, stdout)
	})
	if errors.Is(err, errUsage) {
		fmt.Fprint(stderr, accountUsage)
		return 2
	}
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji account:", err)
		return 1
	}
	return 0
}

// withAccounts opens a database for its accounts.
func withAccounts(url, data string, do func(context.Context, *identity.Service) error) (err error) {
	ctx := context.Background()
	kept, err := openKept(ctx, schema.NewCatalogue(), url, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	return do(ctx, identity.New(kept, nil, time.Now, nil))
}

func doAccount(ctx context.Context, s *identity.Service, verb string, a identity.NewAccount, stdout io.Writer) error {
	if verb != "list" && a.Login == "" {
		return errUsage
	}
	switch verb {
	case "list":
		list, err := s.Accounts(ctx)
		for _, one := range list {
			fmt.Fprintf(stdout, "%-20s %-10s %s\n", one.Login, one.Role, one.Name)
		}
		return err
	case "add":
		if a.Name == "" || a.Role == "" {
			return errUsage
		}
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
	return errUsage
}

// showPassword prints a password that was made.
func showPassword(stdout io.Writer, make func() (string, error)) error {
	password, err := make()
	if err == nil {
		fmt.Fprintln(stdout, password)
	}
	return err
}
