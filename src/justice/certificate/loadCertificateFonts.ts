import { JusticeError } from "../JusticeError.js";

/** The fonts of a certificate, each the bytes of a TrueType or OpenType file. */
export interface CertificateFonts {
  latin: Uint8Array;
  latinBold: Uint8Array;
  /**
   * With the tables GSUB and GPOS, which join the letters. One that takes letters apart into strokes and dots, as Noto Naskh
   * does, looks as well but leaves a PDF whose text cannot be selected.
   */
  arabic: Uint8Array;
  arabicBold: Uint8Array;
  /** For hashes, addresses and commands. */
  code: Uint8Array;
}

const FILES: Record<keyof CertificateFonts, string> = {
  latin: "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf",
  latinBold: "@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf",
  arabic: "@expo-google-fonts/amiri/400Regular/Amiri_400Regular.ttf",
  arabicBold: "@expo-google-fonts/amiri/700Bold/Amiri_700Bold.ttf",
  code: "@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf",
};

/**
 * Reads Noto Sans and Amiri from the packages that carry them, for Node alone: elsewhere, fetch them and give them to the
 * renderer. They are under the SIL Open Font License 1.1.
 *
 * @throws JusticeError CERTIFICATE_FONTS_MISSING when a package is not installed: `npm i @expo-google-fonts/noto-sans
 *   @expo-google-fonts/amiri @expo-google-fonts/noto-sans-mono`.
 * @example
 * ```ts
 * const pdf = await renderCertificatePdf(certificateData(input, "ar"), { fonts: await loadCertificateFonts() });
 * ```
 */
export async function loadCertificateFonts(): Promise<CertificateFonts> {
  const [{ createRequire }, { readFile }] = await Promise.all([import("node:module"), import("node:fs/promises")]);
  const { resolve } = createRequire(import.meta.url);
  const read = async (file: string): Promise<Uint8Array> => {
    try {
      return await readFile(resolve(file));
    } catch (cause) {
      const name = file.split("/").slice(0, 2).join("/");
      throw new JusticeError("CERTIFICATE_FONTS_MISSING", `no font without the package: npm i ${name}`, { cause });
    }
  };
  const [latin, latinBold, arabic, arabicBold, code] = await Promise.all([
    ...[read(FILES.latin), read(FILES.latinBold), read(FILES.arabic), read(FILES.arabicBold), read(FILES.code)],
  ]);
  return { latin: latin!, latinBold: latinBold!, arabic: arabic!, arabicBold: arabicBold!, code: code! };
}
