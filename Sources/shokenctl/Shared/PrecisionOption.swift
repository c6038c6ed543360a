// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Tensors

extension Precision: ExpressibleByArgument {}
