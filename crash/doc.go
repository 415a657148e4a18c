// Package crash proves that what headquarters acknowledged stays, by stopping the
// real program: killed at named points and at random times, with the power cut at
// any moment, and on a full disk. It has tests only.
package crash
