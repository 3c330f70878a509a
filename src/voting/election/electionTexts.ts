import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import { AbiCoder, keccak256 } from "ethers";

import { VotingError } from "../VotingError.js";

/** A question as a voter reads it in one language. Blank options have no text. */
export interface QuestionText {
  readonly question: string;
  readonly options: readonly string[];
}

/** A question's texts by language, BCP 47 tags. */
export type QuestionTexts = Readonly<Record<string, QuestionText>>;

/** A text as the factory takes it, `IElectionFactory.Text`. */
export interface TextHash {
  readonly question: number;
  readonly language: string;
  readonly hash: string;
}

/**
 * The hashes of an election's texts, questions in order, languages of each in the order of their code units. A text's hash is the
 * SHA-256 of the UTF-8 of `{"options":[…],"question":"…"}` in the form of RFC 8785.
 *
 * @param texts The texts of each question.
 * @throws VotingError TEXTS_INVALID
 * @example
 * ```ts
 * const texts = hashElectionTexts([{ en: { question: "Build the bridge?", options: ["Yes", "No"] } }]);
 * ```
 */
export function hashElectionTexts(texts: readonly QuestionTexts[]): TextHash[] {
  return texts.flatMap((languages, question) => {
    const names = Object.keys(languages).sort();
    if (names.length === 0) throw new VotingError("TEXTS_INVALID", `question ${question} has no text`);
    const count = languages[names[0]!]!.options.length;
    return names.map((language) => {
      const text = languages[language]!;
      if (!/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language)) {
        throw new VotingError("TEXTS_INVALID", `question ${question}: ${language} is no language's tag`);
      }
      if (text.question === "" || text.options.length !== count || new Set(text.options).size !== count) {
        const problem = "a text is empty, or has other or equal options";
        throw new VotingError("TEXTS_INVALID", `question ${question}, ${language}: ${problem}`);
      }
      return { question, language, hash: textHash(text) };
    });
  });
}

/**
 * Checks the texts that a voter is shown against the hash that the election fixed.
 *
 * @param texts The texts of each question, in all languages.
 * @param expected `terms.texts` of the election.
 * @throws VotingError TEXTS_DIFFER; TEXTS_INVALID
 * @example
 * ```ts
 * checkElectionTexts(texts, read.terms.texts);
 * ```
 */
export function checkElectionTexts(texts: readonly QuestionTexts[], expected: string): void {
  const given = textsHash(hashElectionTexts(texts));
  if (given !== expected)
    throw new VotingError("TEXTS_DIFFER", `the texts hash to ${given}, the election's to ${expected}`);
}

function textsHash(texts: readonly TextHash[]): string {
  const rows = texts.map(({ question, language, hash }) => [question, language, hash]);
  return keccak256(AbiCoder.defaultAbiCoder().encode(["tuple(uint8,string,bytes32)[]"], [rows]));
}

function textHash({ question, options }: QuestionText): string {
  try {
    return `0x${bytesToHex(sha256(utf8ToBytes(canonicalize({ question, options: [...options] })!)))}`;
  } catch (error) {
    throw new VotingError("TEXTS_INVALID", "a text has no canonical form", { cause: error });
  }
}
