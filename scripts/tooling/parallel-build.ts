import { availableParallelism } from "node:os";

import type { HookHandlerCategoryFactory } from "hardhat/types/plugins";

/**
 * Compiles one job a core. Hardhat leaves a core free, which on two of them means one job after the other, while the
 * contracts with settings of their own take half as long as all the others together.
 */
const factory: HookHandlerCategoryFactory<"solidity"> = () =>
  Promise.resolve({
    build: (context, roots, options, next) => next(context, roots, { ...options, concurrency: availableParallelism() }),
  });

export default factory;
