import pytest

from .symmetries import CONSTANT, GRADIENT, LECUN, NAME, arm, verdicts
from .tables import findings, publish, trials


@pytest.mark.parametrize(
    ("accuracy", "verdict"),
    [
        (0.9, "supported"),
        (0.3, "refuted"),
        (lambda seed, step, layer: 0.1 + 0.2 * seed, "inconclusive"),
    ],
)
def test_noise_is_enough_from_half_way_on(tmp_path, accuracy, verdict):
    path = publish(
        tmp_path / "r",
        arm(CONSTANT, accuracy=0.2),
        arm(LECUN, accuracy=1.0),
        arm("normal(stddev=0.001, mean=0.05)", accuracy=accuracy),
    )
    assert verdicts(path)["enough-normal-0-001-mean-0-05-relu"] == verdict
    noise = next(listing for listing in findings(NAME, path).listings if listing.name == "noise")
    assert noise.table["noise"].tolist() == [0.001]


def test_enough_counts_the_scatter_of_what_it_is_compared_with(tmp_path):
    # 0.05 above the middle in the mean, which scatters by 0.08 between seeds.
    path = publish(
        tmp_path / "r",
        arm(CONSTANT, accuracy=0.2),
        arm(LECUN, accuracy=lambda seed, step, layer: 0.8 + 0.1 * (seed - 2)),
        arm("normal(stddev=0.001, mean=0.05)", accuracy=0.55),
    )
    (claim,) = [claim for claim in trials(NAME, path) if claim.id.startswith("enough")]
    assert (claim.measured, claim.verdict) == (pytest.approx(0.05), "inconclusive")


@pytest.mark.parametrize(("late", "verdict"), [(10, "supported"), (0, "refuted")])
def test_less_noise_parts_later(tmp_path, late, verdict):
    # Measured at steps 0, 1 and 10. The least noise never parts, and so does not count.
    def parting(first):
        return lambda seed, step, layer: 2.0 if step >= first and layer == 1 else 1.0

    def noisy(stddev, first):
        return arm(f"normal(stddev={stddev}, mean=0.05)", effective_rank=parting(first))

    path = publish(
        tmp_path / "r",
        arm(CONSTANT, accuracy=0.2),
        arm(LECUN, accuracy=1.0),
        noisy("0.1", 1),
        noisy("0.001", late),
        noisy("1e-05", 100),
    )
    (claim,) = [claim for claim in trials(NAME, path) if claim.id == "parts-later-relu"]
    assert claim.verdict == verdict
    assert claim.measured == pytest.approx((late - 1) / 2)
    (said,) = [text for text in findings(NAME, path).answer if "ten times" in text]
    assert said.rpartition("? ")[2].startswith("Yes; " if verdict == "supported" else "No; ")


@pytest.mark.parametrize(
    ("error", "verdict"), [(0.45, "supported"), (0.4541, "supported"), (0.46, "refuted")]
)
def test_the_first_squared_error_is_read_off_the_gradient_of_the_logits(tmp_path, error, verdict):
    # Half the sum over ten logits of the squared error, as the gradient of a mean over 128 has it.
    def gradient(seed, step, layer):
        return 2 * error / 10 / 128**2 if (layer, step) == (4, 0) else 1.0

    path = publish(tmp_path / "r", arm(LECUN, **{GRADIENT: gradient}))
    assert verdicts(path)["first-error-lecun-normal-relu-depth-4"] == verdict


def test_noise_without_its_constant_is_left_out(tmp_path):
    path = publish(tmp_path / "r", arm(LECUN, accuracy=1.0), arm("normal(stddev=0.001, mean=0.07)"))
    assert not [name for name in verdicts(path) if name.startswith("enough")]


@pytest.mark.parametrize(
    ("dataset", "accuracy", "verdict"),
    [
        # A class's share may be 0.047 off among 360 images, among 1,000 images 0.028.
        ("digits", 0.14, "supported"),
        ("fashion", 0.14, "refuted"),
        ("fashion", 0.125, "supported"),
        ("digits", 0.15, "refuted"),
        # Of a hundred classes among 10,000 images: 0.01, and 0.003 off.
        ("cifar100", 0.012, "supported"),
        ("cifar100", 0.1, "refuted"),
    ],
)
def test_a_guess_is_one_class_whose_share_depends_on_how_many_test_images(
    tmp_path, dataset, accuracy, verdict
):
    path = publish(tmp_path / "r", arm("zeros", accuracy=accuracy, dataset=dataset))
    assert verdicts(path)["zeros-guess-relu"] == verdict


@pytest.mark.parametrize(
    ("accuracy", "guess", "cost"), [(0.1, "supported", "supported"), (0.95, "refuted", "refuted")]
)
def test_accuracy_is_compared_with_a_guess_and_with_a_random_network(
    tmp_path, accuracy, guess, cost
):
    path = publish(
        tmp_path / "r",
        arm("zeros", accuracy=accuracy),
        arm(CONSTANT, accuracy=accuracy),
        arm(LECUN, accuracy=0.9),
    )
    found = verdicts(path)
    assert found["zeros-guess-relu"] == guess
    assert found["cost-constant-constant-0-05-relu"] == cost


def test_a_diverged_run_counts_as_a_guess(tmp_path):
    path = publish(
        tmp_path / "r",
        arm(LECUN, accuracy=0.9),
        arm(CONSTANT, accuracy=0.9, status="diverged", diverged_at_step=1),
    )
    cost = {claim.id: claim.measured for claim in trials(NAME, path)}
    assert cost["cost-constant-constant-0-05-relu"] == pytest.approx(0.8)
