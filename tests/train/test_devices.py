"""Where compiled programs are kept."""

import pwd
import tempfile

import pytest

from initlab.train.devices import cache_folder


@pytest.fixture
def nameless(monkeypatch, tmp_path):
    """A user id that no password file lists, as containers have it, without a home."""

    def unknown(uid):
        raise KeyError(uid)

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.usefixtures("nameless")
def test_a_user_without_name_and_home_keeps_programs_in_a_temporary_folder_of_its_own(tmp_path):
    folder = cache_folder()
    assert folder is not None
    assert folder.is_relative_to(tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o700
