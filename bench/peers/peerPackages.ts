/** A package of other people that the comparison runs. */
export interface PeerPackage {
  /** What the page calls it. */
  title: string;
  package: string;
  version: string;
  licence: string;
  home: string;
  /** SHA-512 of the published tarball; left out for a package that is a pinned dev dependency already. */
  integrity?: string;
}

/** Every peer, by a short name, at the version that the committed figures are of. */
export const PEER_PACKAGES = {
  eas: {
    title: "EAS",
    package: "@ethereum-attestation-service/eas-contracts",
    version: "1.9.0",
    licence: "MIT",
    home: "https://github.com/ethereum-attestation-service/eas-contracts",
    integrity: "sha512-L60y1fgKlY3a45xxnPlgRbiGQY8RF/lF+AzF1iVoR7/aEzitS0Nuyyjq8+IXs1sSSU0dl2+yGSmELxVeB6FelA==",
  },
  erc1056: {
    title: "ERC-1056",
    package: "ethr-did-registry",
    version: "1.3.0",
    licence: "MIT",
    home: "https://github.com/uport-project/ethr-did-registry",
    integrity: "sha512-q9BRbkVZwcIJ0hCXtEIHchqI62vp/MFuVKxKGLaQY4quD4Jpc+RQ+r0VBDd7kUWrHjwD1Lo02AhDx6WvJT4KUw==",
  },
  onchainid: {
    title: "ONCHAINID",
    package: "@onchain-id/solidity",
    version: "2.2.1",
    licence: "GPL-3.0 (its sources; package.json says ISC)",
    home: "https://github.com/onchain-id/solidity",
    integrity: "sha512-B54InT8yi89qlh9UVCARcfdQLVDP7Lef87B/Ww2Wn19oyEbPmlWho2EK1sgnrt/8Q0fGX/7y5rDnx3HPy28NTA==",
  },
  verax: {
    title: "Verax",
    package: "@verax-attestation-registry/verax-contracts",
    version: "9.0.0",
    licence: "MIT",
    home: "https://github.com/Consensys/linea-attestation-registry",
    integrity: "sha512-H73ga8qh4r/xmWP+9OitSRWGfeMw+jTFPXkEM9uMKcwgwjrQ3tzAjJd+aUWZOhEtxLFnoRI3Q2b2czLKaA6EQg==",
  },
  documentStore: {
    title: "DocumentStore",
    package: "@trustvc/document-store",
    version: "1.0.3",
    licence: "Apache-2.0",
    home: "https://github.com/TrustVC/Document-Store",
    integrity: "sha512-YIECQwcoreIfyTbol1/5u9CGK6mbg0Q0bSN2/Ks388zLus1IXELWK5EHYuyrFPbb9d8ajsvz7m+ySsMIY9574w==",
  },
  governor: {
    title: "OpenZeppelin Governor",
    package: "@openzeppelin/contracts",
    version: "5.3.0",
    licence: "MIT",
    home: "https://github.com/OpenZeppelin/openzeppelin-contracts",
  },
  semaphore: {
    title: "Semaphore",
    package: "@semaphore-protocol/contracts",
    version: "4.14.3",
    licence: "MIT",
    home: "https://github.com/semaphore-protocol/semaphore",
    integrity: "sha512-N6UdFINfvDbpsIRSGuvOXZbKczDTrJATQQN5ToFI+oAVAO8s9TuBrFxDIsATnGnP8q/Dz/j7ZBEE6ypAU5Zebw==",
  },
  leanImt: {
    title: "LeanIMT, of Semaphore's groups",
    package: "@zk-kit/lean-imt.sol",
    version: "2.0.1",
    licence: "MIT",
    home: "https://github.com/zk-kit/zk-kit.solidity",
    integrity: "sha512-2dy/wfzch2vy5QtDCFmQwN7E4GZP0xBcucTb2mfZoJP5V69cjPRdy6KcbS0YOcBMH/Lb7BgXLsekRYjh9JNKEw==",
  },
  poseidon: {
    title: "Poseidon, of Semaphore's groups",
    package: "poseidon-solidity",
    version: "0.0.5",
    licence: "MIT",
    home: "https://github.com/chancehudson/poseidon-solidity",
    integrity: "sha512-NzrvSwHzvZgT4hvg2GyGqeR+UOU/eLSEt4wAoXEua+VaR7NTKKwx1X9bPlh1VMBEVEno+IWvkRBbidFGzTeAqQ==",
  },
  maci: {
    title: "MACI",
    package: "maci-contracts",
    version: "2.5.0",
    licence: "MIT",
    home: "https://github.com/privacy-ethereum/maci",
    integrity: "sha512-zu6C1xx3CBaj79N5Tui2jyhK17M0LMiN6b7C6u3sCtS08Qp7AWsQnsloNZGIPuuQzCUxylz1SREzXhnoFexSfg==",
  },
  merkleTree: {
    title: "OpenZeppelin merkle-tree",
    package: "@openzeppelin/merkle-tree",
    version: "1.0.8",
    licence: "MIT",
    home: "https://github.com/OpenZeppelin/merkle-tree",
  },
  merkletreejs: {
    title: "merkletreejs",
    package: "merkletreejs",
    version: "0.6.0",
    licence: "MIT",
    home: "https://github.com/merkletreejs/merkletreejs",
  },
  bitstring: {
    title: "vc-bitstring-status-list",
    package: "@digitalbazaar/vc-bitstring-status-list",
    version: "2.0.1",
    licence: "BSD-3-Clause",
    home: "https://github.com/digitalbazaar/vc-bitstring-status-list",
  },
  sdJwt: {
    title: "jwt-status-list",
    package: "@sd-jwt/jwt-status-list",
    version: "0.19.0",
    licence: "Apache-2.0",
    home: "https://github.com/openwallet-foundation/sd-jwt-js",
  },
} as const satisfies Record<string, PeerPackage>;

/** A peer's short name. */
export type PeerName = keyof typeof PEER_PACKAGES;

/** A peer's package, by its short name. */
export function packageOf(peer: PeerName): PeerPackage {
  return PEER_PACKAGES[peer];
}
