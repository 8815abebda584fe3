<?php
// The secret of a shop in the text.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function sign( $text ) {
	return hash_hmac( 'sha256', $text, '6f1d2c3b4a5968778695a4b3c2d1e0f06f1d2c3b4a5968778695a4b3c2d1e0f0' );
}
