// SPDX-License-Identifier: Apache-2.0
package import Foundation
import WeightFiles

extension ModelConversion {
    /// Writes the model as a GGUF file, which appears whole or not at all.
    ///
    /// `isPure` stores every matrix in the recipe's base format. `progress` is told the share that is
    /// done and may throw to stop. Throws `ConversionError`, `WeightFileError` or `TokenizerError`.
    @discardableResult
    package func writeGGUF(
        to url: URL, recipe: QuantizationRecipe, isPure: Bool = false,
        progress: (Double) throws -> Void = { _ in }
    ) throws -> ConversionReport {
        guard let configuration else { throw ConversionError.encoder(file: path) }
        let export = GGUFExport(tensors, configuration, recipe: recipe, isPure: isPure)
        var report = ConversionReport(export.tensors)
        for tensor in export.tensors {
            guard case .blocks(let format) = tensor.elements, tensor.shape.count > 1,
                recipe.base.blockElements > 1, format != .float32,
                (tensor.shape.last ?? 0) % 256 != 0,
                format != recipe.base || recipe.base.blockElements > 32
            else { continue }
            report.fallbacks[tensor.name] = format.name
        }
        let metadata = GGUFMetadata(configuration: configuration)
            .entries(fileType: recipe.fileType)
        let total = Double(max(1, report.parameters))
        var done = 0
        try GGUFWriter.write(
            metadata: metadata + generalEntries + (try tokenizerEntries(configuration)),
            tensors: export.tensors, to: url
        ) { sink in
            try export.fill(&sink) { elements in
                done += elements
                try progress(Double(done) / total)
            }
        }
        return report
    }

    /// The name under which tools show the model.
    private var generalEntries: [(key: String, value: GGUFValue)] {
        switch source {
        case .gguf(let decoder):
            return decoder.file.metadata.filter { entry in
                guard case .text = entry.value else { return false }
                return entry.key.hasPrefix("general.") && entry.key != "general.architecture"
            }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        case .folder(let url, _, _):
            return [("general.name", .text(url.standardizedFileURL.lastPathComponent))]
        }
    }
}
