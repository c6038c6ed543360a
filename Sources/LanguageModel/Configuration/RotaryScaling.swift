// SPDX-License-Identifier: Apache-2.0
import Foundation
import WeightFiles

/// How rotary frequencies (RoPE) are changed for texts longer than those of the training (`rope_scaling`).
///
/// The formulas are those of Hugging Face's `modeling_rope_utils`.
package enum RotaryScaling: Hashable, Sendable {
    /// Not at all.
    case none
    /// Every frequency divided by a factor.
    case linear(factor: Double)
    /// Low frequencies divided, high ones kept, those between blended (Llama 3.1).
    case llama3(factor: Double, low: Double, high: Double, originalContext: Int)
    /// By number of turns within the original context (Peng et al. 2023, YaRN, arXiv 2309.00071).
    case yarn(factor: Double, fast: Double, slow: Double, originalContext: Int, attention: Double)
    /// A divisor for each frequency, one list for short texts and one for long ones (Ding et al.
    /// 2024, LongRoPE, arXiv 2402.13753).
    case longRope(short: [Double], long: [Double], originalContext: Int, attention: Double)

    /// The frequency of each of `width` / 2 pairs and what cosines and sines are multiplied by, for
    /// texts of up to `positions` tokens.
    package func frequencies(
        theta: Double, width: Int, positions: Int
    ) -> (frequencies: [Double], magnitude: Double) {
        let base = (0..<width / 2).map { pow(theta, -2 * Double($0) / Double(width)) }
        switch self {
        case .none: return (base, 1)
        case .linear(let factor): return (base.map { $0 / factor }, 1)
        case .llama3(let factor, let low, let high, let context):
            return (
                base.map { Self.llama3($0, factor, low: low, high: high, Double(context)) }, 1
            )
        case .yarn(let factor, let fast, let slow, let context, let attention):
            func pair(turns: Double) -> Double {
                Double(width) * log(Double(context) / (turns * 2 * .pi)) / (2 * log(theta))
            }
            let first = max(0, pair(turns: fast).rounded(.down))
            var last = min(Double(width - 1), pair(turns: slow).rounded(.up))
            if last == first { last += 0.001 }
            let scaled = base.enumerated().map { index, frequency in
                let ramp = min(max((Double(index) - first) / (last - first), 0), 1)
                return frequency / factor * ramp + frequency * (1 - ramp)
            }
            return (scaled, attention)
        case .longRope(let short, let long, let context, let attention):
            let divisors = positions > context ? long : short
            return (zip(base, divisors).map { $0 / $1 }, attention)
        }
    }

    /// The number of positions above which texts have frequencies of their own; nil where all texts
    /// have the same.
    package var longTextThreshold: Int? {
        if case .longRope(_, _, let context, _) = self { context } else { nil }
    }

    private static func llama3(
        _ frequency: Double, _ factor: Double, low: Double, high: Double, _ context: Double
    ) -> Double {
        let wavelength = 2 * Double.pi / frequency
        if wavelength < context / high { return frequency }
        if wavelength > context / low { return frequency / factor }
        let smooth = (context / wavelength - low) / (high - low)
        return (1 - smooth) * frequency / factor + smooth * frequency
    }
}

extension RotaryScaling {
    /// Reads `rope_scaling`, or the newer `rope_parameters`, of a file; throws what is wrong with it.
    init(
        _ fields: ConfigurationFields, headWidth: Int, context: Int
    ) throws(ModelConfigurationError) {
        let scaling: ConfigurationFields
        if let older = try fields.object("rope_scaling") {
            scaling = older
        } else if let newer = try fields.object("rope_parameters") {
            scaling = newer
        } else {
            self = .none
            return
        }
        let older = try scaling.string("type")
        let kind = try scaling.string("rope_type") ?? older ?? "default"
        let named = try scaling.integer("original_max_position_embeddings")
        let outer = try fields.integer("original_max_position_embeddings")
        for original in [named, outer] {
            guard (1...1 << 30).contains(original ?? 1) else {
                throw .outOfRange(
                    file: fields.file, field: "original_max_position_embeddings")
            }
        }
        switch kind {
        case "default": self = .none
        case "linear": self = .linear(factor: try Self.factor("factor", scaling))
        case "llama3":
            let high = try Self.factor("high_freq_factor", scaling)
            let low = try Self.factor("low_freq_factor", scaling)
            guard high > low else {
                throw .outOfRange(file: fields.file, field: scaling.place("high_freq_factor"))
            }
            self = .llama3(
                factor: try Self.factor("factor", scaling), low: low, high: high,
                originalContext: try scaling.required("original_max_position_embeddings", named))
        case "yarn":
            let factor = try Self.factor("factor", scaling)
            let attention = try Self.optional("attention_factor", scaling)
            self = .yarn(
                factor: factor, fast: try Self.optional("beta_fast", scaling) ?? 32,
                slow: try Self.optional("beta_slow", scaling) ?? 1,
                originalContext: named ?? context,
                attention: attention ?? (factor > 1 ? 0.1 * log(factor) + 1 : 1))
        case "longrope", "su":
            let original = named ?? outer ?? context
            let ratio = try Self.optional("factor", scaling) ?? Double(context) / Double(original)
            let attention = try Self.optional("attention_factor", scaling)
            let computed = ratio <= 1 ? 1 : sqrt(1 + log(ratio) / log(Double(original)))
            self = .longRope(
                short: try Self.divisors("short_factor", scaling, count: headWidth / 2),
                long: try Self.divisors("long_factor", scaling, count: headWidth / 2),
                originalContext: original, attention: attention ?? computed)
        default:
            throw .unsupported(file: fields.file, field: scaling.place("rope_type"))
        }
    }

    private static func factor(
        _ name: String, _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) -> Double {
        let value = try fields.required(name, try fields.number(name))
        guard value > 0, value <= 1e6 else {
            throw .outOfRange(file: fields.file, field: fields.place(name))
        }
        return value
    }

    private static func optional(
        _ name: String, _ fields: ConfigurationFields
    ) throws(ModelConfigurationError) -> Double? {
        try fields.has(name) ? factor(name, fields) : nil
    }

    private static func divisors(
        _ name: String, _ fields: ConfigurationFields, count: Int
    ) throws(ModelConfigurationError) -> [Double] {
        let values = try fields.required(name, try fields.numbers(name))
        guard values.count == count, values.allSatisfy({ $0 > 0 && $0 <= 1e6 }) else {
            throw .outOfRange(file: fields.file, field: fields.place(name))
        }
        return values
    }
}
