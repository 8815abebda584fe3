<?php
// A translation is text of somebody else, too.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function show_words() {
	_e( 'Track your order', 'doorstep' );
}
