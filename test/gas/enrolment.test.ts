import { applicantFixture } from "../helpers/applicant.js";
import { gasOf, record } from "./record.js";

describe("Gas of enrolment, whole transactions", () => {
  it("request, withdraw, request again, reject", async () => {
    const f = await applicantFixture();
    record("Enrolment: request", await gasOf(f.request()));
    record("Enrolment: withdraw", await gasOf(f.withdraw()));
    record("Enrolment: request again", await gasOf(f.request()));
    record("Enrolment: reject", await gasOf(f.reject()));
  });

  it("confirmation with its attestation", async () => {
    const f = await applicantFixture();
    await f.request();
    const attestation = f.attestation(1, { expiresAt: 2_011_881_234n });
    record("Enrolment: confirmation with attestation", await gasOf(f.confirm({ attestation })));
  });
});
