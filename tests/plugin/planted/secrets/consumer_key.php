<?php
// A store's key in the text.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const SHOP = 'ck_0123456789abcdef0123456789abcdef01234567';
