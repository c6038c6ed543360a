// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// The largest difference between two tensors of one shape; infinite where one is not a number.
package func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
    guard a.shape == b.shape else { return .infinity }
    return zip(a.values, b.values).reduce(0) { largest, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}
