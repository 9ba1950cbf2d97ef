import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Asks the veraPDF engine about one file: java VeraRunner.java FILE FLAVOUR...
 *
 * Each rule that fails gives one line of six fields with a tab between them: flavour, clause,
 * test, number of failures, message and context of the first one. The last line is "end"; when
 * it is missing, the engine stopped early.
 */
final class VeraRunner {
    private static final int FAILURES_KEPT_OF_A_RULE = 1;

    private VeraRunner() {}

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int i = 1; i < arguments.length; i++) {
            // fromString would silently take a nearby flavour for one that it does not know
            report(new File(arguments[0]), PDFAFlavour.byFlavourId(arguments[i]), out);
        }
        out.println("end");
    }

    private static void report(File file, PDFAFlavour flavour, PrintStream out) throws Exception {
        var foundry = Foundries.defaultInstance();
        try (var parser = foundry.createParser(file, flavour);
                var validator =
                        foundry.createValidator(
                                flavour, FAILURES_KEPT_OF_A_RULE, false, true, false)) {
            var result = validator.validate(parser);
            Map<RuleId, TestAssertion> firsts = new LinkedHashMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    firsts.putIfAbsent(assertion.getRuleId(), assertion);
                }
            }
            result.getFailedChecks().forEach((rule, count) -> {
                TestAssertion first = firsts.get(rule);
                String detail = first == null ? null : first.getErrorMessage();
                String message = first == null ? "" : first.getMessage();
                String context = first == null ? "" : first.getLocation().getContext();
                out.println(String.join("\t", flavour.getId(), flat(rule.getClause()),
                        String.valueOf(rule.getTestNumber()), String.valueOf(count),
                        flat(detail == null ? message : detail), flat(context)));
            });
        }
    }

    private static String flat(String text) {
        return text == null ? "" : text.replaceAll("\\s+", " ").trim();
    }
}
