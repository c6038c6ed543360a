// SPDX-License-Identifier: Apache-2.0
import COneDNN
import Kernels
import Synchronization

/// The arithmetic of matrix products in training; everything else is computed in 32-bit floats.
package enum TrainingPrecision: String, Hashable, Sendable, CaseIterable {
    /// 32-bit floats.
    case float32 = "f32"
    /// Factors rounded to bfloat16, products summed in 32-bit floats. Weights, gradients and moments stay in
    /// 32 bits; the weights' rounded copy is made anew in every step.
    case bfloat16 = "bf16"

    /// Whether the processor has instructions for it; without them it would be slower than 32-bit floats.
    package var isAvailable: Bool {
        self == .float32
            || shoken_cpu_multiplies_bfloat16() != 0 && PackedMatrix.isAvailable(.bfloat16)
    }

    /// This precision where it is available, else 32-bit floats; whoever uses that must say so.
    package var usable: TrainingPrecision { isAvailable ? self : .float32 }
}

/// One product of bfloat16 matrices that lie row by row: lengths, and strides in elements.
struct HalfProduct: Hashable {
    var m: Int
    var n: Int
    var k: Int
    var transposeA = false
    var transposeB = false
    var strideA: Int
    var strideB: Int
    var strideC: Int
    var accumulate = false
    /// oneDNN divides the work when the product is made.
    private var threads = 0

    init(
        m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false,
        strideA: Int, strideB: Int, strideC: Int, accumulate: Bool = false
    ) {
        (self.m, self.n, self.k) = (m, n, k)
        (self.transposeA, self.transposeB) = (transposeA, transposeB)
        (self.strideA, self.strideB, self.strideC) = (strideA, strideB, strideC)
        self.accumulate = accumulate
    }

    /// The most rows that a thread multiplies at once; fewer lose a little speed.
    private static let rowsAtOnce = 2048
    /// The most products that a thread sums up at once; more leave the cache.
    private static let termsAtOnce = 512

    /// c = op(a) · op(b), or c += that; c is (m, n).
    ///
    /// Batches have ever new numbers of tokens, which are m or, where a is transposed, k. They are cut into
    /// pieces of few lengths, since each shape costs time and memory of its own.
    func run(
        _ a: UnsafePointer<UInt16>, _ b: UnsafePointer<UInt16>, _ c: UnsafeMutablePointer<Float>
    ) {
        precondition(!transposeA || !transposeB, "one of both is transposed at most")
        guard m > 0, n > 0, k > 0 else { return }
        var part = self
        part.threads = ComputeThreads.ofThisThread
        let tokens = transposeA ? k : m
        var (first, size) = (0, (transposeA ? Self.termsAtOnce : Self.rowsAtOnce) * part.threads)
        while first < tokens {
            while size > tokens - first { size = max(1, size / 2) }
            if transposeA {
                part.k = size
                part.accumulate = accumulate || first > 0
                HalfProducts.product(part).run(a + first * strideA, b + first * strideB, c)
            } else {
                part.m = size
                HalfProducts.product(part).run(a + first * strideA, b, c + first * strideC)
            }
            first += size
        }
    }

    fileprivate func made() -> PackedProduct {
        guard
            let pointer = shoken_half_product_create(
                Int64(m), Int64(n), Int64(k), transposeA ? 1 : 0,
                transposeB ? 1 : 0, Int64(strideA), Int64(strideB), Int64(strideC),
                accumulate ? 1 : 0)
        else {
            preconditionFailure("oneDNN multiplies matrices of bfloat16 where they are available")
        }
        return PackedProduct(pointer)
    }
}

/// Products by shape, since making one takes longer than running a small one.
private enum HalfProducts {
    private static let limit = 1024
    private static let known = Mutex<[HalfProduct: PackedProduct]>([:])

    static func product(_ key: HalfProduct) -> PackedProduct {
        if let product = known.withLock({ $0[key] }) { return product }
        let made = key.made()
        known.withLock {
            // Rows of ever new lengths: begin again, rather than grow.
            if $0.count >= limit { $0 = [:] }
            $0[key] = made
        }
        return made
    }
}

/// The matrices of a parameter set rounded to bfloat16, for the products of one step.
///
/// `@unchecked Sendable` because it is written to between passes only.
package final class HalfParameters: @unchecked Sendable {
    private var words: [UnsafeMutablePointer<UInt16>?]
    private let counts: [Int]

    /// Room for the matrices of a layout.
    package init(_ layout: ParameterLayout) {
        counts = layout.entries.map { $0.shape.count == 2 ? $0.count : 0 }
        words = counts.map { count in
            guard count > 0 else { return nil }
            return UnsafeMutableRawPointer.allocate(byteCount: count * 2, alignment: 64)
                .bindMemory(to: UInt16.self, capacity: count)
        }
    }

    deinit { for start in words { start.map { UnsafeMutableRawPointer($0).deallocate() } } }

    /// Rounds the matrices as they are now: to nearest, ties to even.
    package func update(from parameters: ParameterSet) {
        precondition(parameters.tensors.count == counts.count, "the same layout")
        for (place, start) in words.enumerated() {
            guard let start else { continue }
            parameters.tensors[place].values.withUnsafeBufferPointer {
                precondition($0.count == counts[place], "the same layout")
                TrainingLoops.narrow($0.start, into: start, count: $0.count)
            }
        }
    }

    /// The words of a matrix.
    func start(_ place: Int) -> UnsafePointer<UInt16> {
        guard let start = words[place] else { preconditionFailure("only matrices are rounded") }
        return UnsafePointer(start)
    }
}
