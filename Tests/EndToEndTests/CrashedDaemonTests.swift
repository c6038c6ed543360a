// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite(
    "A daemon that is killed or crashes", .serialized, .timeLimit(.minutes(15)),
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"))
struct CrashedDaemonTests {
    let instance: DaemonInstance
    init() throws { instance = try DaemonInstance() }

    /// A library that brings a process down when it reads a document that says so, but not when it digests it.
    ///
    /// With `inModel` not then, but at the model's next matrix product.
    private func saboteur(inModel: Bool = false) throws -> String? {
        try instance.folder.write(
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <string.h>
            #include <unistd.h>
            static volatile int is_meant;
            ssize_t read(int descriptor, void *bytes, size_t count) {
                static ssize_t (*real)(int, void *, size_t);
                if (!real) real = (ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
                ssize_t got = real(descriptor, bytes, count);
                if (got > 0 && count < 1000 && memmem(bytes, (size_t)got, "crash here", 10)) {
                    // Once only: who reports the crash reads, too.
                    if (!\(inModel ? 1 : 0)) __builtin_trap();
                    is_meant = 1;
                }
                return got;
            }
            int dnnl_primitive_execute(const void *primitive, void *stream, int count, const void *arguments) {
                static int (*real)(const void *, void *, int, const void *);
                if (!real) real = (int (*)(const void *, void *, int, const void *))dlsym(RTLD_NEXT, "dnnl_primitive_execute");
                if (is_meant) *(volatile int *)8 = 1;
                return real(primitive, stream, count, arguments);
            }
            """, to: "saboteur.c")
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        let library = instance.folder.path + "/saboteur.so"
        compiler.arguments = [
            "cc", "-shared", "-fPIC", "-o", library, instance.folder.path + "/saboteur.c", "-ldl",
        ]
        try compiler.run()
        compiler.waitUntilExit()
        return compiler.terminationStatus == 0 ? library : nil
    }

    /// Runs the daemon once, again after each crash; how often it crashed.
    private func runUntilDone(_ library: String) throws -> Int {
        for crashes in 0..<9 {
            let daemon = try instance.start(["--once"], environment: ["LD_PRELOAD": library])
            daemon.waitUntilExit()
            if daemon.terminationReason == .exit {
                #expect(daemon.terminationStatus == 0)
                return crashes
            }
        }
        return 9
    }

    private func codes() throws -> [String] {
        try instance.names(in: "failed").filter { $0.hasSuffix(".error.json") }.map { name in
            let file = URL(filePath: instance.folder.path + "/spool/failed/" + name)
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
            return (object as? [String: Any])?["code"] as? String ?? ""
        }
    }

    @Test("A document that crashes it is set aside alone; those in hand with it are recorded")
    func crashes() throws {
        guard let library = try saboteur() else { return }
        for number in 0..<3 { try instance.drop("発熱\(number)日目。", "nursing", "good\(number).txt") }
        try instance.drop("crash here", "nursing", "bad.txt")
        // Once among others, then twice alone.
        #expect(try runUntilDone(library) == 3)
        #expect(try codes() == ["crashed-twice"])
        #expect(
            try instance.rows("SELECT count(*) AS n FROM documents").first?["n"] == "3")
        #expect(instance.names(in: "failed").contains("bad.txt"))
        #expect(instance.names(in: "processing").isEmpty)
    }

    @Test(
        "A crash within the model is that of the document in hand; those before and after are recorded"
    )
    func crashesInModel() throws {
        guard let library = try saboteur(inModel: true) else { return }
        try instance.drop("crash here", "nursing", "bad.txt")
        #expect(try runUntilDone(library) == 2)
        #expect(try codes() == ["crashed-twice"])
        #expect(try instance.saidText().contains("crashed the daemon twice"))
        for number in 0..<3 { try instance.drop("発熱\(number)日目。", "nursing", "good\(number).txt") }
        #expect(try runUntilDone(library) == 0)
        #expect(
            try instance.rows("SELECT count(*) AS n FROM documents").first?["n"] == "3")
    }

    @Test("Two crashes are enough for a document that came alone")
    func crashesAlone() throws {
        guard let library = try saboteur() else { return }
        try instance.drop("crash here", "radiology", "bad.txt")
        #expect(try runUntilDone(library) == 2)
        #expect(try codes() == ["crashed-twice"])
    }

    @Test("Killed again and again, it records each document once and sets none aside")
    func kills() throws {
        let count = 24
        for number in 0..<count { try instance.drop("発熱\(number)日目。", "nursing", "a\(number).txt") }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<15 {
            let daemon = try instance.start()
            usleep(.random(in: 50_000...900_000, using: &random))
            kill(daemon.processIdentifier, SIGKILL)
            daemon.waitUntilExit()
        }
        try instance.once()
        #expect(try codes().isEmpty)
        let rows = try instance.rows(
            "SELECT count(*) AS n, count(DISTINCT source_name) AS d FROM documents")
        #expect(rows.first == ["n": "\(count)", "d": "\(count)"])
        #expect(instance.names(in: "processing").isEmpty)
    }
}
