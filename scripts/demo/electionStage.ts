import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { getBytes, hexlify, id, keccak256, randomBytes, sha256, toUtf8Bytes } from "ethers";

import { type Attestation, contentOf, NO_END } from "../../src/identity/attestation.js";
import { canonicalJson } from "../../src/identity/json.js";
import { newSalt } from "../../src/identity/claims.js";
import { eventsOf, send } from "../../src/chain/send.js";
import { Election__factory, Trustees__factory } from "../../src/typechain/index.js";
import { type Dealing, dealShares } from "../../src/voting/ceremony/dealShares.js";
import { checkDealing } from "../../src/voting/ceremony/checkDealing.js";
import { checkShare } from "../../src/voting/ceremony/checkShare.js";
import { dealingOf } from "../../src/voting/ceremony/dealingOf.js";
import { encryptionKeyOf } from "../../src/voting/ceremony/encryptionKeyOf.js";
import { evaluatePolynomial } from "../../src/voting/ceremony/evaluatePolynomial.js";
import { openShare } from "../../src/voting/ceremony/openShare.js";
import { pointsOfCommitments } from "../../src/voting/ceremony/pointsOfCommitments.js";
import { secretShare } from "../../src/voting/ceremony/secretShare.js";
import { SHARE_BYTES } from "../../src/voting/ceremony/shareCipher.js";
import { shareOfTrustee } from "../../src/voting/ceremony/shareOfTrustee.js";
import { sealShare } from "../../src/voting/ceremony/sealShare.js";
import { createTrusteeFile } from "../../src/voting/ceremony/trusteeFile.js";
import { gateEvidence, voterSubject } from "../../src/voting/election/gateEvidence.js";
import { buildRoll, type RollEntry, rollProof } from "../../src/voting/election/roll.js";
import { Point } from "../../src/voting/curve.js";
import { DiwanError } from "../../src/errors.js";

import { MINISTRY } from "./cast.js";
import { freeAccount } from "./freeAccount.js";
import type { Job } from "./job.js";
import { refusalOf } from "./refusal.js";
import { VOTER } from "./schemas.js";
