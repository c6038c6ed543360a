// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite("The corpus of configurations")
struct SettingsCorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/Corpus/settings")

    @Test("those called sound are configurations, the others are refused")
    func replay() throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder, includingPropertiesForKeys: nil)
        for file in files {
            let isSound = file.lastPathComponent.hasPrefix("sound")
            #expect(
                HostileSettings.read(try Data(contentsOf: file)) == isSound,
                "\(file.lastPathComponent)")
        }
        #expect(files.count > 10)
    }
}
