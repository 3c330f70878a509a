// Signs notes with the C2SP implementation of Trillian's makers and prints them as JSON.
package main

import (
	"encoding/json"
	"os"

	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// Test keys that github.com/transparency-dev/witness publishes.
const (
	logKey     = "PRIVATE+KEY+monkeys+db4d9f7e+ATWIAF3yVBG+Hv1rZFQoNt/BaURkLPtOFMAM2HrEeIr6"
	witnessKey = "PRIVATE+KEY+witness+f13a86db+AaLa/dfyBhyo/m0Z7WCi98ENVZWtrP8pxgRNrx7tIWiA"
	text       = "monkeys\n8\nV8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=\n"
)

type vector struct {
	Note               string `json:"note"`
	LogVerifierKey     string `json:"logVerifierKey"`
	WitnessVerifierKey string `json:"witnessVerifierKey"`
	Time               int64  `json:"time"`
}

func main() {
	log, err := note.NewSigner(logKey)
	check(err)
	witness, err := f_note.NewSignerForCosignatureV1(witnessKey)
	check(err)
	vectors := []vector{}
	for _, t := range []string{text, text + "an extension\n"} {
		signed, err := note.Sign(&note.Note{Text: t}, log, witness)
		check(err)
		opened, err := note.Open(signed, note.VerifierList(witness.Verifier()))
		check(err)
		at, err := f_note.CoSigV1Timestamp(opened.Sigs[0])
		check(err)
		vkey, err := f_note.VKeyToCosignatureV1("witness+f13a86db+AdYV1Ztajd9BvyjP2HgpwrqYL6TjOwIjGMOq8Bu42xbN")
		check(err)
		vectors = append(vectors, vector{string(signed), "monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT", vkey, at.Unix()})
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	check(encoder.Encode(vectors))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
