<?php
// A value within a longer text.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function piece( $name ) {
	$name = ucfirst( $name );
	return <<<HTML
<p>$name</p>
HTML;
}
