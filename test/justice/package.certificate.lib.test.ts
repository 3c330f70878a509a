import { registerHooks } from "node:module";

import { expect } from "chai";

import type { CertificateData } from "../../src/justice/certificate/certificateData.js";
import { loadCertificateFonts } from "../../src/justice/certificate/loadCertificateFonts.js";
import { renderCertificatePdf } from "../../src/justice/certificate/renderCertificatePdf.js";
import { JusticeError } from "../../src/justice/JusticeError.js";

/** Runs as on a machine that lacks a package; what the run ends with. */
async function without(name: string, run: () => Promise<unknown>): Promise<unknown> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier.startsWith(name)) throw new Error(`Cannot find package '${name}'`);
      return next(specifier, context);
    },
  });
  try {
    return await run();
  } catch (error) {
    return error;
  } finally {
    hooks.deregister();
  }
}

describe("a certificate without its optional packages", () => {
  it("CERTIFICATE_PDF_MISSING: names pdfkit", async () => {
    const fonts = await loadCertificateFonts();
    const error = await without("pdfkit", () => renderCertificatePdf({} as CertificateData, { fonts }));
    expect(error).to.be.instanceOf(JusticeError).and.have.property("code", "CERTIFICATE_PDF_MISSING");
    expect((error as Error).message).to.contain("npm i pdfkit");
  });

  it("CERTIFICATE_FONTS_MISSING: names the font's package", async () => {
    const name = "@expo-google-fonts/amiri";
    const error = await without(name, loadCertificateFonts);
    expect(error).to.be.instanceOf(JusticeError).and.have.property("code", "CERTIFICATE_FONTS_MISSING");
    expect((error as Error).message).to.contain(`npm i ${name}`);
  });
});
