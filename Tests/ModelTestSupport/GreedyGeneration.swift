// SPDX-License-Identifier: Apache-2.0
import Generation
package import LanguageModel

extension DecoderModel {
    /// Continues each prompt by the most likely token each time; of equal ones the first.
    ///
    /// Throws as `serve` does.
    package func generateGreedily(
        _ prompts: [[Int32]], limit: Int, stopTokens: Set<Int32> = []
    ) throws -> [[Int32]] {
        try generate(
            prompts.map { prompt in
                var request = GenerationRequest(prompt: prompt, limit: limit)
                request.stopTokens = stopTokens
                return request
            }
        ).map(\.tokens)
    }
}
